// Runs this program once more in another network namespace, with the resolver and hosts files of its container.

import { chown, copyFile, mkdtemp, readFile, readlink, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openOutput } from "../../probes/output-file.ts";
import { sudoUser } from "../../probes/privileged/sudo-user.ts";
import { realSystem } from "../../probes/system.ts";
import { traceFromNetns } from "../commands/netns.ts";
import type { PathCommand } from "../commands/path-command.ts";
import { EXIT, type ExitCode, TraceError } from "../errors.ts";
import { packetTools } from "./packets.ts";
import type { Wiring } from "./wiring.ts";

/** Where ip-netns(8) and Docker keep their names. */
const FOLDERS = ["/run/netns", "/run/docker/netns"];
/** A run ends by itself before that. */
const LONGEST_MS = 600_000;

// Fixed text, as ip-netns(8) does it: what varies comes as arguments, and only this program sees the mounts.
// Where there is no /etc/hosts to mount over, an empty one comes first, under the rest of /etc.
const WITH_OWN_FILES = `mount -t sysfs sysfs /sys 2>/dev/null
[ -z "$2" ] || [ -e /etc/hosts ] || { mount -t tmpfs none /mnt && : >/mnt/hosts && mount -t overlay overlay -o lowerdir=/mnt:/etc /etc && umount /mnt; } || exit
[ -z "$1" ] || mount --bind "$1" /etc/resolv.conf || exit
[ -z "$2" ] || mount --bind "$2" /etc/hosts || exit
shift 2
exec "$@"`;

export async function inNetns(
  wiring: Wiring,
  command: PathCommand,
  part: string,
  netns: string,
): Promise<ExitCode> {
  const { own, ending, print, notify } = wiring;
  if (own.getuid?.() !== 0) {
    const message = `--netns ${netns} needs root: run it with sudo`;
    throw new TraceError("netns-refused", message, { exitCode: EXIT.inconclusive });
  }
  const namespace = await found(netns);
  const folder = await mkdtemp(join(tmpdir(), "wsl-trace-"));
  // What is started there gives root up, and writes its recording as the user.
  const user = sudoUser(own);
  if (user !== null) await chown(folder, user.uid, user.gid);
  const [node = own.execPath, script = ""] = own.argv;
  try {
    const enter = await entering(namespace, folder);
    return await traceFromNetns(command, part, netns, {
      print,
      openFile: openOutput,
      packetTools: async () => packetTools,
      notify,
      trace: async (args, where) => {
        const recording = join(folder, where);
        notify(where === "inside" ? `tracing in namespace ${netns}` : "tracing from its host");
        const argv = [node, script, ...args, "--record", recording];
        const [file = node, ...rest] = where === "inside" ? [...enter, ...argv] : argv;
        const options = { timeoutMs: LONGEST_MS, signal: ending.signal };
        const { stderr } = await realSystem.run(file, rest, options);
        const text = await readFile(recording, "utf8").catch(() => null);
        if (text === null) return { error: stderr };
        const { reportOf } = await import("../commands/replay.ts");
        return reportOf(text, recording);
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Namespace {
  readonly file: string;
  /** What is "/" to those in it, and where their files are. */
  readonly root: string;
  readonly etc: string;
}

/** By its name, else by a process in it. */
async function found(netns: string): Promise<Namespace> {
  const named = FOLDERS.map((folder) => ({
    file: `${folder}/${netns}`,
    root: "",
    etc: `/etc/netns/${netns}`,
  }));
  const root = `/proc/${netns}/root`;
  const ofProcess = { file: `/proc/${netns}/ns/net`, root, etc: `${root}/etc` };
  const candidates = /^\d+$/.test(netns) ? [...named, ofProcess] : named;
  for (const candidate of /^[\w.@-]+$/.test(netns) ? candidates : []) {
    const isThere = await stat(candidate.file).then(
      () => true,
      () => false,
    );
    if (isThere) return candidate;
  }
  const message = `--netns ${netns}: there is no such network namespace: give a name of \`ip netns\`, or the PID of a process in it`;
  throw new TraceError("netns-unknown", message);
}

/** The words before a command that has it run in there. */
async function entering(
  { file, root, etc }: Namespace,
  folder: string,
): Promise<readonly string[]> {
  const files = ["resolv.conf", "hosts"].map(async (name) =>
    copied(await inTheirs(root, `${etc}/${name}`), join(folder, name)),
  );
  const mounted = ["unshare", "--mount", "--", "sh", "-c", WITH_OWN_FILES, "sh"];
  return ["nsenter", `--net=${file}`, "--", ...mounted, ...(await Promise.all(files))];
}

/** Nothing can be mounted from another mount namespace, but read. Empty without such a file. */
function copied(from: string, to: string): Promise<string> {
  return copyFile(from, to).then(
    () => to,
    () => "",
  );
}

/** A link with a whole path begins at their root, and would be followed from ours. */
async function inTheirs(root: string, file: string): Promise<string> {
  const target = await readlink(file).catch(() => null);
  return target?.startsWith("/") === true ? `${root}${target}` : file;
}
