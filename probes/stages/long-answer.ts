// Whether full-size segments arrive from a server whose answer is small: many answers at once.

import { attemptState, offeredBytes } from "../../src/facts/connection/attempt.ts";
import { defaultAttempt } from "../../src/facts/connection/subject.ts";
import { fullSize, isLargest } from "../../src/facts/size/full-size.ts";
import type { Path } from "../../src/model/path.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { RunningAttempt } from "../tcp/attempt.ts";
import { FOLLOW_MS } from "./settled.ts";

/** Connecting, the handshake, the wait for the window and what comes behind it, on a path of 200 ms. */
const LIMIT_MS = 1500;

/** The web's answer came, from the target itself, and no packet of it was full-size. */
export function isLongAnswerWanted(path: Path): boolean {
  const { run, requested } = path;
  const attempt = defaultAttempt(path);
  const isWeb = run?.target.scheme === "https" || run?.target.scheme === "http";
  if (!isWeb || requested !== null || attempt === undefined) return false;
  return attemptState(attempt, "http") === "passed" && isOpen(path);
}

/** Ends with the first full-size segment; what stops on the way is told by the attempt itself. */
export async function probeLongAnswer(
  attempt: RunningAttempt,
  { clock, signal, path }: ProbeContext,
): Promise<void> {
  const startedMs = clock.now();
  const isUsable = () => attempt.state("http") === "pending" || attempt.state("http") === "passed";
  let isOver = false;
  const done = attempt.done.then(() => {
    isOver = true;
  });
  while (!isOver && !signal.aborted && isUsable() && clock.now() - startedMs < LIMIT_MS) {
    if (isFull(attempt, path())) break;
    await Promise.race([done, clock.sleep(FOLLOW_MS)]);
  }
  attempt.stop();
  await attempt.done;
}

/** Its newest reading comes into the path only with its end. */
function isFull(attempt: RunningAttempt, path: Path): boolean {
  const info = attempt.info();
  const first = defaultAttempt(path);
  const offered = first === undefined ? null : offeredBytes(first);
  return (
    first !== undefined &&
    info !== null &&
    offered !== null &&
    isLargest(info, first.family, offered)
  );
}

function isOpen(path: Path): boolean {
  return fullSize(path)?.inbound.seen === false;
}
