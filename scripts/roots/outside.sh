#!/bin/sh
# One case in a mount, process and (offline) network namespace of its own: whatever kills it takes mounts and processes along, and
# what it wrote was in memory.
# Arguments: base system, folder of the forms, folder of Node ("" for none), "offline" or "online", form, user, and the program that
# runs the server beside this file.
set -eu
base=$1 forms=$2 node=$3 network=$4 form=$5 user=$6 program=$7
mount -t tmpfs -o mode=755 roots /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay overlay -o "lowerdir=$base,upperdir=/mnt/upper,workdir=/mnt/work" /mnt/root
[ "$network" = online ] || ip link set lo up
# Outside of the system, as a server is.
"$program" "${0%/*}/server.mjs" >/mnt/url &
until [ -s /mnt/url ]; do sleep 0.1; done
set -- sh -eu /forms/inside.sh "$form" "$user" "$(cat /mnt/url)"
[ -z "$node" ] || set -- --ro-bind "$node" /opt/node "$@"
if [ "$network" = online ]; then
  # Where the registry is behind a proxy of this machine's network, Node is to trust what this machine trusts.
  trusted=/etc/ssl/certs/ca-certificates.crt
  set -- --ro-bind /etc/resolv.conf /etc/resolv.conf --ro-bind $trusted /opt/trusted.crt \
    --setenv NODE_EXTRA_CA_CERTS /opt/trusted.crt "$@"
fi
code=0
bwrap --bind /mnt/root / --dev-bind /dev /dev --proc /proc --ro-bind /sys /sys --perms 1777 --tmpfs /tmp --ro-bind "$forms" /forms \
  --cap-add ALL --die-with-parent --clearenv --setenv PATH /opt/node/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@" || code=$?
echo "@@written $(du -sb /mnt/upper | cut -f1)"
exit $code
