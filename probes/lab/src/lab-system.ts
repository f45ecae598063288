// The port to what only the lab needs of the machine: long-lived programs, its own files, process ids.

import { spawnSync } from "node:child_process";
import {
  access,
  chmod,
  constants,
  mkdir,
  mkdtemp,
  realpath,
  rm,
  rmdir,
  stat,
  writeFile,
} from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import type { System } from "../../system.ts";

/** A program that runs until it is stopped. */
export interface LabProcess {
  readonly pid: number | null;
  /** Its standard output, line by line; ends with the program. */
  readonly lines: AsyncIterator<string>;
  write(line: string): void;
  /** Closes its standard input and sends SIGTERM, SIGKILL after a while; resolves when it is gone. */
  stop(): Promise<void>;
}

export interface LabSystem extends System {
  start(file: string, args: readonly string[], env?: Readonly<Record<string, string>>): LabProcess;
  /** Runs a program and waits for it synchronously; for the very end only. */
  runNow(file: string, args: readonly string[]): void;
  /** A new folder below the system's temporary one, which everybody may enter. */
  makeDirectory(prefix: string): Promise<string>;
  readonly temporaryDirectory: string;
  writeText(path: string, text: string): Promise<void>;
  /** A file that everybody may run. */
  writeProgram(path: string, text: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  /** An empty file and the folders above it. */
  makeFile(path: string): Promise<void>;
  /** The path behind all links; null when nothing is there. */
  realPath(path: string): Promise<string | null>;
  /** Removes a file or folder with everything in it; absent is fine. */
  remove(path: string): Promise<void>;
  /** Removes a folder if it is empty. */
  removeIfEmpty(path: string): Promise<void>;
  mayWrite(path: string): Promise<boolean>;
  /** Inode, device and modification time behind a path, links followed; null when it is not there. */
  fileFacts(path: string): Promise<FileFacts | null>;
  /** Sends text to a Unix socket and gives what it answers until an empty line. */
  askSocket(path: string, text: string): Promise<string>;
  signal(pid: number, signal: "SIGTERM" | "SIGKILL" | 0): boolean;
  /** Calls back when this process ends, whatever the reason; returns a function that undoes it. */
  onExit(callback: () => void): () => void;
  readonly pid: number;
  readonly isRoot: boolean;
}

export interface FileFacts {
  readonly inode: number;
  readonly device: number;
  readonly modifiedMs: number;
}

const STOP_AFTER_MS = 500;
const SOCKET_TIMEOUT_MS = 2000;
const WORLD_MAY_ENTER = 0o755;

/** This machine: what every probe needs of it, and what a lab needs besides. */
export function createLabSystem(system: System): LabSystem {
  return {
    ...system,
    pid: process.pid,
    isRoot: process.geteuid?.() === 0,
    temporaryDirectory: tmpdir(),
    start: (file, args, env = {}) => start(file, args, env),
    runNow: (file, args) => {
      spawnSync(file, args, { stdio: "ignore" });
    },
    makeDirectory: async (prefix) => {
      const path = await mkdtemp(join(tmpdir(), prefix));
      await chmod(path, WORLD_MAY_ENTER);
      return path;
    },
    writeText: (path, text) => writeFile(path, text),
    writeProgram: (path, text) => writeFile(path, text, { mode: WORLD_MAY_ENTER }),
    makeFolder: (path) => mkdir(path),
    makeFile: async (path) => {
      await mkdir(join(path, ".."), { recursive: true });
      await writeFile(path, "", { flag: "a" });
    },
    realPath: (path) => realpath(path).catch(() => null),
    remove: (path) => rm(path, { recursive: true, force: true }),
    removeIfEmpty: (path) => rmdir(path).catch(() => undefined),
    mayWrite: (path) =>
      access(path, constants.W_OK).then(
        () => true,
        () => false,
      ),
    fileFacts: async (path) => {
      const facts = await stat(path).catch(() => null);
      return (
        facts && {
          inode: facts.ino,
          device: facts.dev,
          modifiedMs: facts.mtimeMs,
        }
      );
    },
    askSocket,
    signal: (pid, signal) => {
      try {
        return process.kill(pid, signal);
      } catch {
        return false;
      }
    },
    onExit: (callback) => {
      process.on("exit", callback);
      return () => process.off("exit", callback);
    },
  };
}

/** In a session of its own: a Ctrl-C at the terminal is for the traced program, not for the lab. */
function start(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): LabProcess {
  const child = execa(file, args, {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
    reject: false,
    buffer: false,
    detached: true,
    forceKillAfterDelay: STOP_AFTER_MS,
    env,
  });
  // A program that ended no longer reads; its end is seen by whoever waits for its lines.
  child.stdin.on("error", () => undefined);
  const reader = createInterface({ input: child.stdout });
  return {
    pid: child.pid ?? null,
    lines: reader[Symbol.asyncIterator](),
    write: (line) => {
      child.stdin.write(`${line}\n`);
    },
    stop: async () => {
      child.stdin.end();
      child.kill("SIGTERM");
      await child;
      reader.close();
    },
  };
}

function askSocket(path: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let answer = "";
    socket.setTimeout(SOCKET_TIMEOUT_MS, () => socket.destroy(new Error(`${path} gave no answer`)));
    socket.setEncoding("utf8");
    socket.on("connect", () => socket.write(text));
    socket.on("data", (chunk) => {
      answer += chunk;
      if (answer.endsWith("\n\n")) socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(answer));
  });
}
