// `wsl-trace fix` in the lab: two faults one behind the other, done, kept, made lasting, and taken back to the byte.

import { execa } from "execa";
import { expect, it } from "vitest";
import { labs } from "../matrix/live.ts";
import { LIVE_ROWS } from "../matrix/rows.ts";

const CLI = new URL("../../dist/cli.js", import.meta.url).pathname;
/** Far longer than any takes. */
const LIMIT_MS = 170_000;

// Fixed text. $1: node; $2: the program; $3: the lab's folder; then the target and its options. No step is made twice.
const IN_DISTRO = `
node=$1; cli=$2; work=$3/etc; shift 3
mkdir -p "$work"; mount -t tmpfs tmpfs "$work" && mkdir "$work/upper" "$work/work" || exit 125
cp /etc/resolv.conf "$work/resolv.conf"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$work/upper,workdir=$work/work" /etc || exit 125
cp "$work/resolv.conf" /etc/resolv.conf; printf '[user]\\ndefault=me\\n' > /etc/wsl.conf; chmod 600 /etc/wsl.conf
look() {
  for f in 4 6; do ip -$f route show table all | sed 's/ expires.*//' | sort; ip -$f rule; done
  ip -o link show dev eth0 | sed 's/.*mtu \\([0-9]*\\).*/mtu \\1/'; ip -o addr show dev eth0
  sysctl -a 2>/dev/null | grep -E '^net.ipv[46].(conf|tcp)' | sort; nft list ruleset
  md5sum /etc/wsl.conf /etc/resolv.conf /etc/hosts; stat -c '%n %a %u %g' /etc/wsl.conf /etc/resolv.conf; ls /etc/sysctl.d
}
ip route add blackhole 192.0.2.80/32
look > "$work/first"
"$node" "$cli" path "$@" > "$work/out" 2>&1; echo "path $?"
"$node" "$cli" fix; echo "print $?"
WSL_DISTRO_NAME=lab "$node" "$cli" fix --apply --persist --yes < /dev/null 2>/dev/null; echo "fix $?"
cat /etc/wsl.conf; ip -o link show dev eth0
"$node" "$cli" fix --undo; echo "undo $?"
look > "$work/last"; diff "$work/first" "$work/last" && echo "byte for byte"
ip route del blackhole 192.0.2.80/32; ip route flush cache; ip tcp_metrics flush all
"$node" "$cli" path "$@" > "$work/out" 2>&1; echo "control $?"; grep '^cause:' "$work/out"
"$node" "$cli" fix --forget; "$node" "$cli" fix 2>&1; echo "forgotten $?"
`;

it(
  "does the fixes of two faults, keeps them for good, and takes all of it back",
  async () => {
    const row = LIVE_ROWS.find(({ scenario }) => scenario.name === "wsl2-vpn");
    if (row === undefined) throw new Error("the scenario is gone");
    const signal = AbortSignal.timeout(LIMIT_MS);
    const lab = await labs.build(row.scenario, { signal, notify: () => undefined });
    try {
      const options = ["-4", "--once", "--host-snapshot", lab.snapshotFile, "--ca", lab.caFile];
      const argv = [process.execPath, CLI, lab.directory, row.scenario.target, ...options];
      const { file, args } = lab.vantage.command(["sh", "-c", IN_DISTRO, "sh", ...argv]);
      const { all } = await execa(file, args, { all: true, reject: false, stdin: "ignore" });
      const said = (line: string) => expect(all.split("\n"), all.slice(-6000)).toContain(line);
      said("path 1");
      said("  $ ip route del blackhole 192.0.2.80/32");
      said("print 1");
      said("before: fault (route-blocks)");
      said("after: fault (vpn-mtu-inbound-blackhole)");
      said("before: fault (vpn-mtu-inbound-blackhole)");
      said("after: healthy");
      said("+command=ip route del blackhole 192.0.2.80/32");
      said("command=ip route del blackhole 192.0.2.80/32; ip link set dev eth0 mtu 1400");
      said("fix 0");
      said("undo 0");
      said("byte for byte");
      said("control 1");
      expect(all).toMatch(/^cause: vpn-mtu-inbound-blackhole/m);
      said("the last run is forgotten");
      said("forgotten 2");
    } finally {
      await lab.dispose();
    }
  },
  LIMIT_MS,
);
