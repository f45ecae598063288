// The user's own folder of state (XDG base directories): under sudo it is still the user's, who owns what is written there.

import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { NAMED_FILE, readInputSync } from "../input-file.ts";
import { type SudoUser, sudoUser } from "../privileged/sudo-user.ts";

/** What of a process this reads. */
export type Owner = Pick<NodeJS.Process, "env" | "geteuid" | "seteuid" | "setegid" | "pid">;

export interface StateFolder {
  /** Null where there is none. */
  read(name: string): string | null;
  /** Whole and on the disk, mode 0600, or not at all. Gives its full name. */
  write(name: string, bytes: string | Uint8Array): string;
  remove(name: string): void;
}

const OWNER_ONLY = 0o600;
const OWNER_FOLDER = 0o700;

/** Null where the user has no home. */
export function openStateFolder(own: Owner): StateFolder | null {
  const user = sudoUser(own);
  const folder = folderOf(own, user);
  if (folder === null) return null;
  const asUser = <T>(work: () => T) => (user === null ? work() : withIds(own, user, work));
  return {
    read: (name) =>
      asUser(() => {
        const path = join(folder, name);
        return existsSync(path) ? readInputSync(path, NAMED_FILE) : null;
      }),
    write: (name, bytes) => asUser(() => writeWhole(join(folder, name), bytes, own.pid)),
    remove: (name) => asUser(() => rmSync(join(folder, name), { force: true })),
  };
}

function writeWhole(path: string, bytes: string | Uint8Array, pid: number): string {
  mkdirSync(dirname(path), { recursive: true, mode: OWNER_FOLDER });
  const beside = `${path}.${pid}.partial`;
  rmSync(beside, { force: true });
  const fd = openSync(beside, "wx", OWNER_ONLY);
  try {
    writeFileSync(fd, bytes);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(beside, path);
  return path;
}

function folderOf({ env }: Owner, user: SudoUser | null): string | null {
  if (user !== null) return join(user.home, ".local/state/wsl-trace");
  const state = env.XDG_STATE_HOME;
  // Relative ones are to be ignored (XDG base directory specification).
  if (state?.startsWith("/")) return join(state, "wsl-trace");
  return env.HOME ? join(env.HOME, ".local/state/wsl-trace") : null;
}

/** As the user, so that root follows no link that the user made and owns nothing there. Only calls that do not wait. */
function withIds<T>({ seteuid, setegid }: Owner, { uid, gid }: SudoUser, work: () => T): T {
  setegid?.(gid);
  seteuid?.(uid);
  try {
    return work();
  } finally {
    seteuid?.(0);
    setegid?.(0);
  }
}
