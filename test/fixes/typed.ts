// A fix as its reader types it: all lines in one shell where the program runs, and then the trace, from the same shell.

import { execa } from "execa";
import type { Lab } from "../../probes/lab/src/lab.ts";
import { type Report, report } from "../../src/schema/report.ts";
import type { Fix } from "../../src/schema/verdict.ts";
import { commandLine } from "../matrix/live.ts";

export type Typed =
  | { readonly kind: "traced"; readonly report: Report }
  /** A line of it failed. */
  | { readonly kind: "failed"; readonly why: string };

/** What a lab lacks, what would change the machine that it runs on, or what only shows something. */
const NOT_HERE = /\b(hwclock|timedatectl|systemctl|nf_conntrack_max|sudoedit|nft list|grep|ss)\b/;

/** Whether its lines can be run in a lab and change nothing but that. */
export function isForLabs({ where, commands }: Fix): boolean {
  return where === "linux" && !commands.some((line) => NOT_HERE.test(line));
}

const FAILED = 124;
const NO_OVERLAY = 125;

// Fixed text: what varies comes as arguments. /etc is the distro's own while this runs; what the lab mounts into it is
// copied, since nobody can remove or rename what is mounted.
const AS_TYPED = `
tmp=$1; shift
mount -t tmpfs tmpfs "$tmp" && mkdir "$tmp/upper" "$tmp/work" &&
  cp /etc/resolv.conf /etc/hosts /etc/nsswitch.conf "$tmp" &&
  mount -t overlay overlay -o "lowerdir=/etc,upperdir=$tmp/upper,workdir=$tmp/work" /etc &&
  cp "$tmp/resolv.conf" "$tmp/hosts" "$tmp/nsswitch.conf" /etc || exit ${NO_OVERLAY}
sudo() { "$@"; }
while [ "$1" != -- ]; do
  eval "$1" >&2 || exit ${FAILED}
  shift
done
shift
exec "$@"`;

/** Types the fix in the vantage, and gives what the trace then says. */
export async function traceFixed(lab: Lab, { commands }: Pick<Fix, "commands">): Promise<Typed> {
  await lab.flushCaches();
  await lab.prepare();
  const folder = `${lab.directory}/etc`;
  const argv = ["sh", "-c", AS_TYPED, "sh", folder, ...commands, "--", ...commandLine(lab, "root")];
  const { file, args } = lab.vantage.command([
    "sh",
    "-c",
    'mkdir -p "$0" && exec "$@"',
    folder,
    ...argv,
  ]);
  const { exitCode, stdout, stderr } = await execa(file, args, { stdin: "ignore", reject: false });
  if (exitCode === NO_OVERLAY) throw new Error(`no /etc of its own: ${stderr}`);
  if (exitCode === FAILED || stdout === "") return { kind: "failed", why: stderr };
  return { kind: "traced", report: report.parse(JSON.parse(stdout)) };
}
