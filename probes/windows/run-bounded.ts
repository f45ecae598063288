// Runs one program with a hard end: by time, by the size of its output, or by the caller's signal.

import type { Clock } from "../../src/clock.ts";
import { loadExeca } from "./load-execa.ts";

export interface BoundedCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** Written to its standard input, which is then closed. */
  readonly input?: string;
  /** Added to our own environment. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Of its standard output. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

export type BoundedEnd =
  | { readonly kind: "exited"; readonly exitCode: number }
  | { readonly kind: "killed"; readonly signal: string }
  | { readonly kind: "timed-out" }
  | { readonly kind: "too-much-output" }
  | { readonly kind: "cancelled" }
  /** The system's code, such as ENOENT, EACCES or ENOEXEC. */
  | { readonly kind: "not-started"; readonly code: string };

export interface BoundedResult {
  readonly end: BoundedEnd;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly elapsedMs: number;
}

export type RunBounded = (command: BoundedCommand) => Promise<BoundedResult>;

/** How long a program that was sent SIGTERM may take before it is killed. */
const GRACE_MS = 500;
const MAX_STDERR_BYTES = 1_000_000;
const NOTHING = new Uint8Array();

/**
 * The program gets a process group of its own, and the whole group is ended: what it started itself
 * would otherwise hold its pipes open. Never rejects.
 */
export function createRunBounded(clock: Clock): RunBounded {
  return async (command) => {
    const startedMs = clock.now();
    const execa = await loadExeca().catch((error: unknown) => codeOf(error));
    if (typeof execa === "string") {
      const end = { kind: "not-started", code: execa } as const;
      return { end, stdout: NOTHING, stderr: NOTHING, elapsedMs: clock.now() - startedMs };
    }
    const child = execa(command.file, command.args, {
      encoding: "buffer",
      reject: false,
      detached: true,
      buffer: true,
      stripFinalNewline: false,
      forceKillAfterDelay: GRACE_MS,
      maxBuffer: { stdout: command.maxBytes, stderr: MAX_STDERR_BYTES },
      ...(command.input === undefined ? { stdin: "ignore" } : { input: command.input }),
      ...(command.environment === undefined ? {} : { env: command.environment }),
    });
    const over = new AbortController();
    // What was sent a signal from here ended for our reason, even where its end is seen before ours.
    let stopped: "timed-out" | "cancelled" | null = null;
    const stop = async (kind: "timed-out" | "cancelled"): Promise<Finished> => {
      stopped ??= kind;
      endGroup(child.pid, "SIGTERM");
      const ended = await Promise.race([finished, clock.sleep(GRACE_MS).then(() => null)]);
      endGroup(child.pid, "SIGKILL");
      // One that left the group may still hold the pipes: it is not waited for.
      child.stdout?.destroy();
      child.stderr?.destroy();
      return { end: { kind }, stdout: ended?.stdout ?? NOTHING, stderr: ended?.stderr ?? NOTHING };
    };
    const finished: Promise<Finished> = child.then(finish, () => BROKEN);
    const late = clock.sleep(command.timeoutMs, over.signal).then(() => stop("timed-out"));
    const cancelled = aborted(command.signal, over.signal).then(() => stop("cancelled"));
    for (const waiting of [late, cancelled]) waiting.catch(() => undefined);
    const result = await Promise.race([finished, late, cancelled]);
    over.abort();
    endGroup(child.pid, "SIGKILL");
    const end = stopped === null ? result.end : ({ kind: stopped } as const);
    return { ...result, end, elapsedMs: clock.now() - startedMs };
  };
}

type Finished = Omit<BoundedResult, "elapsedMs">;

const BROKEN: Finished = {
  end: { kind: "not-started", code: "unknown" },
  stdout: NOTHING,
  stderr: NOTHING,
};

interface ExecaEnd {
  readonly isMaxBuffer: boolean;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly code?: string | undefined;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

function finish(result: ExecaEnd): Finished {
  return { end: endOf(result), stdout: result.stdout ?? NOTHING, stderr: result.stderr ?? NOTHING };
}

function endOf({ isMaxBuffer, exitCode, signal, code }: ExecaEnd): BoundedEnd {
  if (isMaxBuffer) return { kind: "too-much-output" };
  if (exitCode !== undefined) return { kind: "exited", exitCode };
  if (signal !== undefined) return { kind: "killed", signal };
  return { kind: "not-started", code: code ?? "unknown" };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}

/** Ends a program and what it has started; none of them may be there any more. */
export function endGroup(pid: number | undefined, signal: "SIGTERM" | "SIGKILL"): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already, which is what was wanted.
  }
}

/** Resolves when `signal` aborts; rejects when `over` does, so that nothing is left waiting. */
function aborted(signal: AbortSignal | undefined, over: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    over.addEventListener("abort", () => reject(new Error("over")), { once: true });
    if (signal?.aborted) resolve();
    signal?.addEventListener("abort", () => resolve(), { once: true, signal: over });
  });
}
