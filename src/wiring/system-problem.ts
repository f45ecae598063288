// What the system refused, by its error: a code that stays, and what helps. Such an error is no fault of the tool.

export interface SystemProblem {
  /** Stable, in kebab case. */
  readonly code: string;
  /** What to do next. */
  readonly advice: string;
}

const FULL: SystemProblem = {
  code: "no-space",
  advice: "a disk or a quota is full: make room (df -h), or set TMPDIR to a folder that has some",
};
const READ_ONLY: SystemProblem = {
  code: "read-only",
  advice: "what has to be written is read-only: set TMPDIR to a folder that you may write to",
};
const FILES: SystemProblem = {
  code: "few-files",
  advice:
    "this process may open too few files for the report itself: allow more (ulimit -n 256), and run it again",
};
const REFUSED: SystemProblem = {
  code: "refused",
  advice:
    "the kernel or a sandbox refused a call: run it outside of the container or sandbox, or with sudo",
};
const BUSY: SystemProblem = {
  code: "no-resources",
  advice:
    "the system has no memory or no process left (free -h, ulimit -u): end something, and run it again",
};
const FOLDER: SystemProblem = {
  code: "folder-gone",
  advice: "the folder in which this was started is gone: cd to one that exists, and run it again",
};
const DAMAGED: SystemProblem = {
  code: "installation",
  advice: "a part of this installation is missing: install it again",
};
const MISSING: SystemProblem = {
  code: "missing",
  advice: "what it needs is not there: install it, or name a file or folder that exists",
};
const UNWRITABLE: SystemProblem = {
  code: "output-gone",
  advice: "whoever read the output is gone: run it again, or write into a file",
};

/** By the name of the system's error (errno(3)) or Node's (nodejs.org/api/errors.html). */
const BY_CODE: Readonly<Record<string, SystemProblem>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EFBIG: FULL,
  EROFS: READ_ONLY,
  EMFILE: FILES,
  ENFILE: FILES,
  EPERM: REFUSED,
  EACCES: REFUSED,
  ENOSYS: REFUSED,
  ENOMEM: BUSY,
  EAGAIN: BUSY,
  ERR_WORKER_OUT_OF_MEMORY: BUSY,
  ERR_MODULE_NOT_FOUND: DAMAGED,
  MODULE_NOT_FOUND: DAMAGED,
  ERR_DLOPEN_FAILED: DAMAGED,
  ENOENT: MISSING,
  ENOTDIR: MISSING,
  EPIPE: UNWRITABLE,
  EIO: UNWRITABLE,
  ENXIO: UNWRITABLE,
};

/** @returns null for what no system has refused: that should not happen */
export function systemProblem(error: unknown): SystemProblem | null {
  if (!(error instanceof Error)) return null;
  // The library says it without a code (execa and Node's own process.cwd()).
  if (/uv_cwd|current directory does not exist/i.test(error.message)) return FOLDER;
  for (const code of codesOf(error)) {
    const found = BY_CODE[code];
    if (found !== undefined) return found;
  }
  return null;
}

/** Its own, and those of what it came of; a wrapped error says in its cause what the system said. */
function codesOf(error: Error): readonly string[] {
  const own = "code" in error && typeof error.code === "string" ? [error.code] : [];
  return error.cause instanceof Error ? own.concat(codesOf(error.cause)) : own;
}
