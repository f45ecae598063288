// What a machine is like: files, mounts, network, settings and processes, each in a line, so that two looks can be compared.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Fixed text: what a command was asked to write is not looked at, nor what the kernel counts or learns by itself. */
const LOOK = `
find /mnt /dev/shm -xdev ! -path '/mnt/out*' ! -path '/mnt/home*' ! -path '/mnt/tracing*' ! -path /mnt/etc ! -path /mnt/tmp ! -path /mnt/run ! -path /mnt -printf 'file %p %y %m %U %G %l\\n' | sort
find /mnt/etc -xdev -type f -printf 'text %p %s %T@\n' | sort
cut -d' ' -f4- /proc/self/mountinfo | sed 's/ shared:[0-9]*//;s/^/mount /' | sort
ip -o link | sed 's/^[0-9]*:/link/;s/\\\\.*//'; ip -o -4 addr; ip -o -6 addr
for f in 4 6; do ip -$f route show table all | sed 's/ expires [0-9]*sec//' | sort; ip -$f rule; done
grep -rs '' /proc/sys/net/ipv4 /proc/sys/net/ipv6 /proc/sys/net/core | grep -vE 'mem_pressure|flow/|stable_secret' | sort; nft list ruleset
`;

/** Without processes: they are asked for until none is left. */
export function look(): readonly string[] {
  const text = execFileSync("sh", ["-c", LOOK], { encoding: "utf8", maxBuffer: 1 << 26 });
  return text.split("\n");
}

export interface Running {
  readonly pid: number;
  readonly command: string;
}

/** What translates this program's own files. */
const OWN = /esbuild --service=/;

/** All but this one and those that have ended: in a process namespace, what was started in it. */
export function running(): readonly Running[] {
  return readdirSync("/proc").flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    try {
      // proc_pid_stat(5): the state stands behind the name, which may hold anything.
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      if (/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2))) return [];
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      return OWN.test(command) ? [] : [{ pid, command: command.trim() }];
    } catch {
      return [];
    }
  });
}

/** Instances of tracefs whose name has one of these processes. */
export function instancesOf(pids: ReadonlySet<number>): readonly string[] {
  return readdirSync("/mnt/tracing/instances").filter((name) =>
    pids.has(Number(/^wsl-trace-(\d+)/.exec(name)?.[1])),
  );
}

/** What one look has and the other lacks. */
export function differences(
  before: readonly string[],
  after: readonly string[],
): readonly string[] {
  const [had, has] = [new Set(before), new Set(after)];
  return [
    ...after.filter((line) => !had.has(line)).map((line) => `left: ${line}`),
    ...before.filter((line) => !has.has(line)).map((line) => `lost: ${line}`),
  ];
}
