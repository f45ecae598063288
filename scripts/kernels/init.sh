#!/bin/sh
# The first process of a test kernel: three hosts in a row, the built tool in the first, and what it saw on the console.
#
#   c c0 ---- r0 r r1 --(mtu 1400)-- s0 s
export PATH=/bin:/sbin:/usr/bin:/usr/sbin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /run/netns /tmp
echo "@@kernel $(uname -r)"
depmod -a
for module in veth nf_tables nft_ct; do modprobe $module || echo "@@missing module $module"; done
# The shell would take an applet of its own for "ip".
ip=/app/bin/ip
for host in c r s; do
  $ip netns add $host
  $ip -n $host link set lo up
  $ip netns exec $host sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
    net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0 > /dev/null
done
$ip link add c0 netns c type veth peer name r0 netns r
$ip link add s0 netns s type veth peer name r1 netns r
add() {
  $ip -n $1 address add $3 dev $2
  $ip -n $1 address add $4 dev $2 nodad
  $ip -n $1 link set $2 mtu $5 up
}
add c c0 192.0.2.1/24 2001:db8:1::1/64 1500
add r r0 192.0.2.2/24 2001:db8:1::2/64 1500
add r r1 198.51.100.1/24 2001:db8:2::1/64 1400
add s s0 198.51.100.2/24 2001:db8:2::2/64 1400
$ip -n c route add default via 192.0.2.2
$ip -n c -6 route add default via 2001:db8:1::2
$ip -n s route add default via 198.51.100.1
$ip -n s -6 route add default via 2001:db8:2::1
$ip netns exec s node -e 'require("node:http").createServer((q, a) => a.end("hello\n")).listen(8080, "::")' &
sleep 8
# The neighbours are asked for before anything counts.
$ip netns exec c ping -c 1 -W 5 198.51.100.2 > /dev/null || echo "@@missing way to 198.51.100.2"
run() {
  name=$1
  shift
  $ip netns exec c node /app/dist/cli.js path "$@" --json --all-netns --host-snapshot none > /tmp/report 2> /tmp/errors
  echo "@@run $name $(node /app/summary.mjs /tmp/report)"
  head -c 2000 /tmp/errors
}
run open http://198.51.100.2:8080/
run open6 'http://[2001:db8:2::2]:8080/'
run closed http://198.51.100.2:81/
$ip netns exec c nft -f - << 'RULES'
table inet wall { chain out { type filter hook output priority 0; tcp dport 8080 drop; }; }
RULES
run firewall http://198.51.100.2:8080/ --timeout 3
run tracefs http://198.51.100.2:8080/ --timeout 3 --no-ebpf
echo "@@end"
poweroff -f
