// A fix that is killed at any moment leaves a machine that the next start takes back to the byte: in namespaces of its own.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { propertyRuns } from "../builders/property-runs.ts";

const CLI = new URL("../../dist/cli.js", import.meta.url).pathname;

/** Hundreds of starts of Node. */
const LIMIT_MS = 900_000;

/** Each moment is three starts of Node: one in seven is tried, and all of them where `WSL_TRACE_RUNS` is `all`. */
const STRIDE = propertyRuns(10) === 10 ? 1 : 7;

/** One of each kind that fixes print. */
const COMMANDS = [
  "sudo ip link set dev eth0 mtu 1400",
  "sudo ip route change default via 10.9.0.1 dev eth0 mtu 1300",
  "sudo ip rule del priority 60 from all fwmark 0x7 prohibit",
  "sudo ip route del blackhole 192.0.2.80/28",
  "sudo ip addr add 10.9.0.2/24 dev eth0",
  "sudo ip addr del 10.9.0.2/16 dev eth0",
  "sudo sysctl -w net.ipv4.conf.all.rp_filter=2",
  'sudo sysctl -w net.ipv4.ip_local_port_range="44620 48715"',
  "sudo sysctl -w net.ipv6.conf.all.disable_ipv6=1",
  "printf '[network]\\ngenerateResolvConf=false\\n' | sudo tee -a /etc/wsl.conf",
  "printf 'nameserver 192.0.2.53\\n' | sudo tee /etc/resolv.conf",
  "sudo rm -f /etc/resolv.conf",
  "printf 'nameserver 192.0.2.54\\n' | sudo tee /etc/resolv.conf",
  "echo '192.0.2.80 github.com' | sudo tee -a /etc/hosts",
  "sudo mkdir -p /etc/NetworkManager/conf.d",
  "printf '[keyfile]\\nunmanaged-devices=interface-name:eth0\\n' | sudo tee /etc/NetworkManager/conf.d/90-wsl.conf",
];

// Fixed text. $1: a folder; $2: the program; $3: apply or undo; then the commands. Prints the moments at which it was killed.
const IN_NAMESPACES = `
work=$1; killed=$2; what=$3; shift 3
mount -t tmpfs tmpfs "$work" && mkdir "$work/etc" "$work/state" || exit 125
for name in hosts nsswitch.conf passwd group iproute2 sysctl.d; do [ -e /etc/$name ] && cp -a /etc/$name "$work/etc"; done
mount --bind "$work/etc" /etc || exit 125
ln -sf /mnt/wsl/resolv.conf /etc/resolv.conf
mount -t tmpfs tmpfs /mnt && mkdir /mnt/wsl && printf '# kept\\nnameserver 10.255.255.254' > /mnt/wsl/resolv.conf
printf '[boot]\\r\\nsystemd=true\\r\\n' > /etc/wsl.conf; chmod 640 /etc/wsl.conf; chown 12:34 /etc/wsl.conf
export XDG_STATE_HOME="$work/state"
ip link set lo up; ip link add eth0 type veth peer name peer0; ip link set eth0 up; ip link set peer0 up
ip addr add 10.9.0.2/16 brd + dev eth0; ip addr add 2001:db8::2/64 dev eth0 nodad
ip route add default via 10.9.0.1 dev eth0 metric 0; ip route add default via 2001:db8::1 dev eth0 metric 512
ip route add blackhole 192.0.2.80/28; ip rule add priority 60 from all fwmark 0x7 prohibit
nft add table inet kept; nft add chain inet kept input '{ type filter hook input priority 0; }'
look() {
  (cd /etc && find . -type f -exec md5sum {} + ; find . ! -name . -printf '%p %y %m %U %G %l\\n') | sort
  md5sum /mnt/wsl/resolv.conf; stat -c '%a %u %g' /mnt/wsl/resolv.conf; find /mnt /etc -name '*partial*'
  ip -o link | sed 's/.*eth0/eth0/;s/\\\\.*//'; ip -4 addr show dev eth0; ip -6 addr show dev eth0 scope global
  for f in 4 6; do ip -$f route show table all | grep -vE 'fe80|multicast' | sort; ip -$f rule; done
  sysctl -a 2>/dev/null | grep -E '^net.ipv[46].(conf|tcp|ip_local)' | sort; nft list ruleset
}
sleep 2; look > "$work/first"; n=$((1 - STRIDE))
while :; do
  n=$((n + STRIDE))
  if [ "$what" = undo ]; then node "$killed" apply 0 "$@" || exit 3; look > "$work/done"; cmp -s "$work/first" "$work/done" && exit 4; fi
  node "$killed" "$what" $n "$@"; code=$?
  if [ $code != 137 ]; then [ $code = 0 ] && echo "end $n" && exit 0; exit 5; fi
  if [ -e "$work/state/wsl-trace/journal.json" ]; then
    node "$CLI" fix < /dev/null > "$work/said"; echo "next $? $(grep -c 'half done' "$work/said")"
  fi
  node "$CLI" fix --undo > "$work/undone" || { cat "$work/undone"; exit 6; }
  look > "$work/last"; diff "$work/first" "$work/last" || { echo "differs at $n"; exit 7; }
  [ -e "$work/state/wsl-trace/journal.json" ] && exit 8
done`;

let folder = "";
let program = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wsl-trace-killed-"));
  program = join(folder, "killed.mjs");
  const entry = new URL("harness/killed-fix.ts", import.meta.url).pathname;
  await build({
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: program,
  });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it.each(["apply", "undo"])(
  "killed at every moment of its %s, it is taken back to the byte",
  async (what) => {
    const work = await mkdtemp(join(tmpdir(), "wsl-trace-etc-"));
    const { all, exitCode } = await execa(
      "unshare",
      ["--net", "--mount", "--", "sh", "-c", IN_NAMESPACES, "sh", work, program, what, ...COMMANDS],
      { env: { CLI, STRIDE: String(STRIDE) }, reject: false, all: true, stdin: "ignore" },
    );
    await rm(work, { recursive: true, force: true });
    expect(exitCode, all.slice(-2000)).toBe(0);
    const moments = Number(/end (\d+)/.exec(all)?.[1]);
    expect(moments).toBeGreaterThan(COMMANDS.length);
    // What was killed between its first and its last write says so at the next start.
    const next = [...all.matchAll(/next (\d) (\d)/g)].map(([, code, said]) => `${code} ${said}`);
    const half = next.filter((one) => one === "3 1").length;
    expect(half).toBeGreaterThan(COMMANDS.length / STRIDE);
  },
  LIMIT_MS,
);
