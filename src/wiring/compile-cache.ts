// Keeps what V8 has compiled of this tool's files for the next start, where Node can (22.1 and newer), in a folder of the user's own.

import { mkdirSync, statSync } from "node:fs";
import * as module from "node:module";

/** What of a process this reads. */
type User = Pick<NodeJS.Process, "env" | "geteuid">;

const OWNER_FOLDER = 0o700;
/** What group and others may write. */
const OTHERS_WRITE = 0o022;

/**
 * Whoever could write there could have the tool run what they like: so that root keeps nothing, and a folder of somebody else, or
 * one that others may write to, is left alone.
 * @returns the folder; null where nothing is kept
 */
export function keepCompiled({ env, geteuid }: User): string | null {
  const enable: unknown = Reflect.get(module, "enableCompileCache");
  const uid = geteuid?.() ?? 0;
  const base = env.XDG_CACHE_HOME?.startsWith("/") ? env.XDG_CACHE_HOME : homeCache(env.HOME);
  if (typeof enable !== "function" || uid === 0 || base === null) return null;
  const own = `${base}/wsl-trace`;
  const folder = `${own}/compiled`;
  try {
    mkdirSync(folder, { recursive: true, mode: OWNER_FOLDER });
    if (![base, own, folder].every((one) => isOwn(one, uid))) return null;
    enable(folder);
    return folder;
  } catch {
    // A home that cannot be written to: a start is only slower without.
    return null;
  }
}

function homeCache(home: string | undefined): string | null {
  return home?.startsWith("/") ? `${home}/.cache` : null;
}

function isOwn(path: string, uid: number): boolean {
  const { uid: owner, mode } = statSync(path);
  return owner === uid && (mode & OTHERS_WRITE) === 0;
}
