// How a program is run where the user's program would run: in its namespace, with the lab's resolv.conf.

import { TraceError } from "../../src/errors.ts";
import type { Fix } from "../../src/model/verdict.ts";
import type { LabSystem } from "./lab-system.ts";
import { type Command, inNamespace } from "./namespace.ts";

const RESOLV_CONF = "/etc/resolv.conf";

// Fixed text: what varies comes as arguments. The mounts are seen by this one program and its
// children. /sys shows the interfaces of the namespace that it was mounted in: those two folders
// change, the rest of /sys stays; where the kernel refuses that, only /sys is wrong.
const WITH_OWN_MOUNTS = `mount --bind "$1" ${RESOLV_CONF} || exit 126
if mount -t sysfs sysfs "$2" 2>/dev/null; then
  mount --bind "$2/class/net" /sys/class/net
  mount --bind "$2/devices/virtual/net" /sys/devices/virtual/net
fi
PATH="$3:$PATH"
shift 3
exec "$@"`;

export interface VantageFiles {
  readonly resolvConf: string;
  /** An empty folder. */
  readonly sysMount: string;
  /** Where the lab's powershell.exe is. */
  readonly windows: string;
}

/** The command that runs argv in the namespace, with that file as /etc/resolv.conf. */
export function vantageCommand(
  namespace: string,
  { resolvConf, sysMount, windows }: VantageFiles,
  argv: readonly string[],
): Command {
  const mounted = ["unshare", "--mount", "--", "sh", "-c", WITH_OWN_MOUNTS, "sh"];
  return inNamespace(namespace, [...mounted, resolvConf, sysMount, windows, ...argv]);
}

/** The text of a resolv.conf with those name servers. */
export function resolvConfText(servers: readonly string[]): string {
  // A lost query must not hang every program of the lab for glibc's usual half minute.
  return [
    ...servers.map((server) => `nameserver ${server}`),
    "options timeout:2 attempts:1",
    "",
  ].join("\n");
}

/** Nothing can be mounted over a file that is not there. */
export async function checkResolvConf(system: LabSystem): Promise<void> {
  if ((await system.fileFacts(RESOLV_CONF)) !== null) return;
  const target = await system.readLink(RESOLV_CONF).catch(() => null);
  const what = target === null ? "is not there" : `is a link to ${target}, which is not there`;
  const file = target === null ? RESOLV_CONF : "that file";
  throw new TraceError(
    "lab-resolv-conf",
    `${RESOLV_CONF} ${what}, and the lab mounts its own over it: create ${file} (empty will do) and run the lab again`,
    { exitCode: 3 },
  );
}

// We are root in the namespace already; eval because a fix is a line for a shell.
const AS_ROOT = 'sudo() { "$@"; }; eval "$1"';
/** C0, DEL and C1: nothing that our own rules print into a command. */
const CONTROL_CHARACTERS = /\p{Cc}/u;

/** Runs a fix's commands one after the other. */
export async function runFix(
  system: LabSystem,
  fix: Pick<Fix, "where" | "title" | "commands" | "persistent">,
  command: (argv: readonly string[]) => Command,
): Promise<void> {
  refuseFix(fix);
  for (const line of fix.commands) {
    const { file, args } = command(["sh", "-c", AS_ROOT, "sh", line]);
    const { exitCode, stderr } = await system.run(file, args);
    if (exitCode !== 0) {
      throw new TraceError("fix-failed", `"${line}" failed in the lab: ${stderr.trim()}`, {
        exitCode: 3,
      });
    }
  }
}

function refuseFix({ where, title, commands, persistent }: Parameters<typeof runFix>[1]): void {
  if (where !== "linux") {
    throw new TraceError("fix-not-here", `the lab has no Windows to run "${title}" on`);
  }
  if (persistent) {
    // Only resolv.conf is the lab's own; other files below /etc are the machine's.
    throw new TraceError(
      "fix-not-here",
      `the lab does not run "${title}": it writes files to keep`,
    );
  }
  const odd = commands.find((line) => CONTROL_CHARACTERS.test(line));
  if (odd !== undefined) {
    throw new TraceError(
      "fix-not-plain",
      `the fix "${title}" holds a line break or control character and is not run`,
    );
  }
}
