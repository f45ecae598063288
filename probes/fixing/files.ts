// The files that a fix touches: read whole, written in place so that owner, mode and mounts stay, and brought back as they were.

import {
  chmod,
  chown,
  lstat,
  mkdir,
  open,
  readFile,
  readlink,
  realpath,
  rmdir,
  symlink,
  unlink,
} from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { EXIT, TraceError } from "../../src/errors.ts";
import { type Change, edited, mayWrite, type State } from "../../src/fixing/change.ts";
import type { System } from "../system.ts";

type FileChange = Extract<Change, { readonly path: string }>;

/** What stands at the path of the change; for an edit, behind the link of that name. */
export async function fileState(system: System, one: FileChange): Promise<State> {
  if (one.kind === "mutable")
    return { kind: "immutable", path: one.path, isSet: await isImmutable(system, one.path) };
  return stateAt(one.kind === "edit" ? await behindLink(one.path) : one.path);
}

async function stateAt(path: string): Promise<State> {
  const found = await lstat(path).catch(absentOr);
  if (found === null) return { kind: "absent", path };
  if (found.isSymbolicLink()) return { kind: "link", path, target: await readlink(path) };
  if (found.isDirectory()) return { kind: "folder", path };
  const { mode, uid, gid } = found;
  if (!found.isFile()) throw unfit(path);
  return {
    kind: "file",
    path,
    base64: await readFile(path, "base64"),
    mode: mode & PERMISSIONS,
    uid,
    gid,
  };
}

const PERMISSIONS = 0o7777;
/** Of a file that a fix makes, as `tee` would. */
const NEW_MODE = 0o644;

export async function changeFile(system: System, one: FileChange): Promise<void> {
  switch (one.kind) {
    case "edit": {
      const before = await fileState(system, one);
      if (before.kind !== "file" && before.kind !== "absent") throw unfit(one.path);
      const text = before.kind === "file" ? Buffer.from(before.base64, "base64").toString() : "";
      return write(before.path, Buffer.from(edited(text, one.edit)));
    }
    case "remove":
      return unlink(one.path).catch(ignoreAbsent);
    case "link":
      await unlink(one.path).catch(ignoreAbsent);
      return symlink(one.target, one.path);
    case "folder":
      await mkdir(one.path, { recursive: true });
      return;
    case "mutable":
      return chattr(system, "-i", one.path);
  }
}

/** Brings back what stood there. */
export async function restoreFile(system: System, before: State): Promise<void> {
  switch (before.kind) {
    case "absent":
      return removeAny(before.path);
    case "link":
      await removeAny(before.path);
      return symlink(before.target, before.path);
    case "file": {
      const now = await stateAt(before.path);
      if (now.kind !== "file") await removeAny(before.path);
      await write(before.path, Buffer.from(before.base64, "base64"));
      await chown(before.path, before.uid, before.gid);
      return chmod(before.path, before.mode);
    }
    case "immutable":
      return before.isSet ? chattr(system, "+i", before.path) : undefined;
    default:
      return undefined;
  }
}

async function write(path: string, bytes: Buffer): Promise<void> {
  if (!mayWrite(path)) throw unfit(path);
  const file = await open(path, "w", NEW_MODE);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The file that is meant by the name: a link's target, whether that is there yet or not. */
async function behindLink(path: string): Promise<string> {
  const target = await readlink(path).catch(() => null);
  if (target === null) return path;
  return realpath(path).catch(() => resolve(dirname(path), target));
}

async function removeAny(path: string): Promise<void> {
  const found = await lstat(path).catch(absentOr);
  if (found === null) return;
  // A folder that others use by now stays.
  if (found.isDirectory()) await rmdir(path).catch(() => undefined);
  else await unlink(path);
}

const ATTRIBUTES = /^(\S+)\s/;

async function isImmutable(system: System, path: string): Promise<boolean> {
  const { exitCode, stdout } = await system.run("lsattr", ["-d", path]);
  return exitCode === 0 && (ATTRIBUTES.exec(stdout)?.[1]?.includes("i") ?? false);
}

async function chattr(system: System, flag: "+i" | "-i", path: string): Promise<void> {
  // A file system without attributes has nothing to take off.
  await system.run("chattr", [flag, path]);
}

function absentOr(error: unknown): null {
  if (isAbsent(error)) return null;
  throw error;
}

function ignoreAbsent(error: unknown): void {
  if (!isAbsent(error)) throw error;
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function unfit(path: string): TraceError {
  return new TraceError(
    "fix-file",
    `${path} is no file that could be restored: change it by hand`,
    {
      exitCode: EXIT.inconclusive,
    },
  );
}
