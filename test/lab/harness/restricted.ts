// A command as it runs where system calls are refused, or where the process was given less than usual.

import { fileURLToPath } from "node:url";
import { REFUSALS, type Refusal, seccompFilter } from "./refusals.ts";

const LAUNCHER = fileURLToPath(new URL("refusing.mjs", import.meta.url));

/** Each says what stands before the command, as root. */
const CIRCUMSTANCES = {
  "deleted-folder": ["sh", "-c", 'cd "$(mktemp -d)" && rmdir "$PWD" && exec "$@"', "sh"],
  "open-files-64": ["prlimit", "--nofile=64"],
  "open-files-36": ["prlimit", "--nofile=36"],
  "open-files-24": ["prlimit", "--nofile=24"],
  "no-proc": ["unshare", "-m", "sh", "-c", 'umount -l /proc && exec "$@"', "sh"],
  "no-home": ["env", "HOME=/nonexistent"],
  "read-only": ["unshare", "-m", "sh", "-c", 'mount -o remount,bind,ro / && exec "$@"', "sh"],
} satisfies Readonly<Record<string, readonly string[]>>;
type Circumstance = keyof typeof CIRCUMSTANCES;

export type Restriction = Refusal | Circumstance;

export const RESTRICTIONS: readonly Restriction[] = [
  ...Object.keys(REFUSALS).filter((name): name is Refusal => name in REFUSALS),
  ...Object.keys(CIRCUMSTANCES).filter((name): name is Circumstance => name in CIRCUMSTANCES),
];

/**
 * @param user what stands before a command that an ordinary user runs
 * @param errno that all refused calls give; each has its usual one otherwise
 */
export function restricted(
  restrictions: readonly Restriction[],
  user: readonly string[],
  argv: readonly string[],
  errno?: number,
): readonly string[] {
  const refusals = restrictions.filter((name): name is Refusal => name in REFUSALS);
  const launcher =
    refusals.length === 0
      ? []
      : [process.execPath, LAUNCHER, seccompFilter(refusals, process.arch, errno).toString("hex")];
  const before = restrictions
    .filter((name): name is Circumstance => name in CIRCUMSTANCES)
    .flatMap((name): readonly string[] => CIRCUMSTANCES[name]);
  return [...before, ...user, ...launcher, ...argv];
}
