// Whether full-size segments arrive from a server whose answer is small: many answers at once.

import { attemptState, offeredBytes } from "../../src/facts/connection/attempt.ts";
import { defaultAttempt } from "../../src/facts/connection/subject.ts";
import { fullSize, isLargest } from "../../src/facts/size/full-size.ts";
import type { Attempt } from "../../src/model/connections.ts";
import type { Path } from "../../src/model/path.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import { type RunningAttempt, startAttempt } from "../tcp/attempt.ts";
import { FOLLOW_MS } from "./settled.ts";
import type { TcpDeps } from "./tcp-stages.ts";

/** Connecting, the handshake, the wait for the window and what comes behind it, on a path of 200 ms. */
const LIMIT_MS = 1500;
/** A busy server may answer one after the other, each in its own time. */
const TRIES = 3;

/**
 * After all that is measured outbound: a server that is notified of a limit offers a smaller MSS from then on. And behind the hops,
 * as the acknowledgements that are held back cost some of the few ICMP errors of the first router.
 */
export function createLongAnswerProbe(deps: TcpDeps): Probe {
  return async (context) => {
    const first = defaultAttempt(context.path());
    const target = context.path().run?.target;
    if (first === undefined || target === undefined || !isWanted(context.path(), first)) return;
    const { address, family, port } = first;
    const exchange = {
      ...target,
      userAgent: deps.userAgent,
      secureContext: deps.tls.plain,
      verify: false,
      padBytes: null,
    };
    const again = () =>
      startAttempt(
        deps.libc,
        {
          name: deps.nextName(),
          purpose: "long-answer",
          goal: "http",
          ...{ address, family, port, exchange },
          zoneIndex: deps.zoneIndex(address),
          mss: null,
          firstFlightBytes: null,
          pipelined: true,
        },
        context,
      );
    for (let tried = 0; tried < TRIES && isWanted(context.path(), first); tried++) {
      const attempt = again();
      await follow(attempt, context);
      if (context.signal.aborted || attempt.state("http") === "stalled") return;
    }
  };
}

/** The web's answer came, from the target itself, and no packet of it was full-size. */
function isWanted(path: Path, attempt: Attempt): boolean {
  const { run, requested } = path;
  const isWeb = run?.target.scheme === "https" || run?.target.scheme === "http";
  if (!isWeb || requested !== null || attemptState(attempt, "http") !== "passed") return false;
  return fullSize(path)?.inbound.seen === false;
}

/** Ends with the first full-size segment; what stops on the way is told by the attempt itself. */
async function follow(
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
