// Whether full-size segments arrive from a server whose answer is small: many answers at once.

import { attemptState, offeredBytes } from "../../src/facts/connection/attempt.ts";
import { defaultAttempt } from "../../src/facts/connection/subject.ts";
import { fullSize, isLargest } from "../../src/facts/size/full-size.ts";
import type { Attempt } from "../../src/model/connections.ts";
import type { Path } from "../../src/model/path.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import { type RunningAttempt, startAttempt } from "../tcp/attempt.ts";
import { settledOr } from "./settled.ts";
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
    if (first === undefined || target === undefined) return;
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
          ...deps.nextAttempt(),
          purpose: "long-answer",
          goal: "http",
          address,
          family,
          port,
          exchange,
          zoneIndex: deps.zoneIndex(address),
          mss: null,
          firstFlightBytes: null,
          pipelined: true,
        },
        context,
      );
    for (let tried = 0; tried < TRIES && isWanted(context.path(), first); tried++) {
      const attempt = again();
      await fullOrOver(attempt, first, context);
      if (context.signal.aborted || attempt.state("http") === "stalled") return;
    }
  };
}

/** Ends with the first full-size segment; what stops on the way is told by the attempt itself. */
async function fullOrOver(
  attempt: RunningAttempt,
  first: Attempt,
  context: ProbeContext,
): Promise<void> {
  const offered = offeredBytes(first);
  let isOver = false;
  const done = attempt.done.then(() => {
    isOver = true;
  });
  const isEnough = () => {
    const state = attempt.state("http");
    if (isOver || (state !== "pending" && state !== "passed")) return true;
    // The newest reading comes into the path only with the attempt's end.
    const info = attempt.info();
    return info !== null && offered !== null && isLargest(info, first.family, offered);
  };
  await settledOr(isEnough, done, LIMIT_MS, context);
  attempt.stop();
  await done;
}

/** The web's answer came, from the target itself, and no packet of it was full-size. */
function isWanted(path: Path, attempt: Attempt): boolean {
  const { run, requested } = path;
  const isWeb = run?.target.scheme === "https" || run?.target.scheme === "http";
  if (!isWeb || requested !== null || attemptState(attempt, "http") !== "passed") return false;
  return fullSize(path)?.inbound.seen === false;
}
