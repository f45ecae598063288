// Queries Windows through PowerShell: one process, a hard end, and an answer or the reason why there is none.

import { messageOf, TraceError } from "../../src/errors.ts";
import { type HostSnapshot, parseHostSnapshotText } from "../../src/schema/host-snapshot.ts";
import type { InteropState } from "../linux/interop.ts";
import { errorText } from "./clixml.ts";
import { decodeOutput } from "./decode.ts";
import { failureAfter } from "./interop-failure.ts";
import { type HostQuestion, questionLines } from "./questions.ts";
import type { BoundedEnd, BoundedResult } from "./run-bounded.ts";
import { onCommandLine, overStandardInput, type ScriptCommand } from "./script-command.ts";
import type { WindowsDeps } from "./windows-deps.ts";

export type PowerShellAnswer =
  /** `note`: why it holds less than it could; null when it holds all. */
  | { readonly kind: "snapshot"; readonly snapshot: HostSnapshot; readonly note: string | null }
  /** `reachable`: whether other Windows programs may still answer. */
  | {
      readonly kind: "failed";
      readonly code: string;
      readonly reason: string;
      readonly reachable: boolean;
    };

/** The collector itself stops after 15 s; the rest is for a slow start. */
export const RUN_ENDED = "the run was ended before Windows had answered";

export const TIMEOUT_MS = 25_000;
const MAX_BYTES = 10_000_000;
const MS_PER_S = 1000;

/**
 * Runs the collector; retries with the sockets of other sessions when the own one is stale, and with the script on the
 * command line when nothing came of it over standard input.
 */
export async function askPowerShell(
  deps: WindowsDeps,
  interop: InteropState,
  file: string,
  questions: readonly HostQuestion[],
  signal: AbortSignal,
): Promise<PowerShellAnswer> {
  const script = await deps.readScript();
  const lines = questionLines(questions);
  const run = async (
    { over, args, head }: ScriptCommand,
    socket: string | null,
    timeoutMs: number,
  ): Promise<BoundedResult> => {
    const via = socket === null ? "" : ` with WSL_INTEROP=${socket}`;
    const options = args.slice(0, -1).join(" ");
    deps.debug(
      `run ${file} ${options} (${args.at(-1)?.length} characters), the script over ${over}, ${lines.length} questions${via}`,
    );
    const result = await deps.run({
      file,
      args,
      input: head + lines.map((line) => `${line}\n`).join(""),
      timeoutMs,
      maxBytes: MAX_BYTES,
      signal,
      ...(socket === null ? {} : { environment: { WSL_INTEROP: socket } }),
    });
    describeRun(deps, result);
    return result;
  };
  const sent = overStandardInput(script);
  let socket: string | null = null;
  let result = await run(sent, socket, limitOf(deps));
  for (const other of interop.sockets.slice(0, MOST_SOCKETS)) {
    if (failureAfter(result.end, textOf(result.stderr))?.code !== "interop-socket") break;
    socket = other;
    result = await run(sent, socket, limitOf(deps));
  }
  const answer = answerOf(deps, file, result);
  const cameToNothing =
    answer.kind === "failed" && answer.code === NO_SNAPSHOT && !hasJson(result.stdout);
  const again = cameToNothing && !signal.aborted ? onCommandLine(script) : null;
  if (!cameToNothing || again === null) return answer;
  const leftMs = limitOf(deps) - result.elapsedMs;
  const second = answerOf(deps, file, await run(again, socket, leftMs));
  if (second.kind === "failed" || !again.shortened) return second;
  const note = `PowerShell ran nothing from its standard input (${answer.reason}): read by a shorter script on its command line`;
  return { ...second, note };
}

const NO_SNAPSHOT = "host-no-snapshot";

/** Each attempt on a dead socket can take its time. */
const MOST_SOCKETS = 3;
const SHOWN_CHARS = 400;

function describeRun({ debug }: WindowsDeps, { end, stdout, stderr, elapsedMs }: BoundedResult) {
  const ms = Math.round(elapsedMs);
  debug(
    `${end.kind} (${detailOf(end)}) after ${ms} ms, stdout ${stdout.length} B, stderr ${stderr.length} B`,
  );
  const reported = errorText(textOf(stderr));
  if (reported !== "") debug(`stderr: ${reported.slice(0, SHOWN_CHARS)}`);
}

function answerOf(deps: WindowsDeps, file: string, result: BoundedResult): PowerShellAnswer {
  const stderr = errorText(textOf(result.stderr));
  const interop = failureAfter(result.end, textOf(result.stderr));
  if (interop !== null) {
    return { kind: "failed", ...interop, reachable: interop.code === "interop-permission" };
  }
  const { end } = result;
  if (end.kind !== "exited") {
    return {
      kind: "failed",
      ...endFailure(deps, file, end),
      reachable: end.kind === "not-started",
    };
  }
  const text = textOf(result.stdout);
  const json = text.slice(Math.max(0, text.search(JSON_BEGINS))).trim();
  try {
    const snapshot = parseHostSnapshotText(json, "PowerShell's answer");
    return { kind: "snapshot", snapshot, note: null };
  } catch (error) {
    deps.debug(`stdout: ${text.slice(0, SHOWN_CHARS)}`);
    // Its advice is about a file that the user gave; here there is none.
    const why = error instanceof TraceError ? error.problem : messageOf(error);
    const first = stderr === "" ? "" : `; it printed: ${stderr.split("\n", 1)[0]}`;
    const reason = `${why} (exit code ${end.exitCode}${first})`;
    return { kind: "failed", code: NO_SNAPSHOT, reason, reachable: true };
  }
}

/** A banner may come before it. */
const JSON_BEGINS = /^\s*\{/m;

function hasJson(stdout: Uint8Array): boolean {
  return JSON_BEGINS.test(textOf(stdout));
}

interface EndFailure {
  readonly code: string;
  readonly reason: string;
}

function endFailure(
  deps: WindowsDeps,
  file: string,
  end: Exclude<BoundedEnd, { readonly kind: "exited" }>,
) {
  const failures: Readonly<Record<typeof end.kind, EndFailure>> = {
    "timed-out": {
      code: "host-timeout",
      reason: `${file} gave no answer in ${limitOf(deps) / MS_PER_S} s`,
    },
    "too-much-output": {
      code: "host-too-long",
      reason: `${file} printed more than ${MAX_BYTES / 1_000_000} MB`,
    },
    cancelled: {
      code: "host-cancelled",
      reason: RUN_ENDED,
    },
    killed: { code: "host-killed", reason: `${file} was ended by ${detailOf(end)}` },
    "not-started": {
      code: "host-not-started",
      reason: `${file} cannot be started (${detailOf(end)})`,
    },
  };
  return failures[end.kind];
}

function limitOf({ timeoutMs = TIMEOUT_MS }: WindowsDeps): number {
  return timeoutMs;
}

function detailOf(end: BoundedEnd): string {
  if (end.kind === "exited") return `exit code ${end.exitCode}`;
  if (end.kind === "killed") return end.signal;
  return end.kind === "not-started" ? end.code : end.kind;
}

/** The collector writes ASCII; the interop layer's own messages are ASCII too, or UTF-8. */
function textOf(bytes: Uint8Array): string {
  return decodeOutput(bytes, null);
}
