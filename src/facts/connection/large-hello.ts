// Whether a ClientHello of two segments gets its answer where one of a single segment does.

import type { Attempt } from "../../model/connections.ts";
import type { Path } from "../../model/path.ts";
import { perPath } from "../per-path.ts";
import { attemptState, lastInfo, offeredBytes, stageOf, unacknowledged } from "./attempt.ts";
import {
  besideDefault,
  type HandshakeEnd,
  handshakeEnd,
  handshakeEvidence,
} from "./tls-answers.ts";

export interface LargeHelloFacts {
  /** Those of two segments. */
  readonly large: readonly Attempt[];
  /** Every one of them was reset, closed or left without an answer, and a small one in between was answered each time. */
  readonly lost: boolean;
  readonly ends: readonly HandshakeEnd[];
  /** Whether the far side acknowledged every byte of those that got no answer; null where the kernel does not say. */
  readonly acknowledged: boolean | null;
  /** Size in bytes of the first packet of a large one. */
  readonly packetBytes: number | null;
  readonly evidence: readonly string[];
}

/** Fewer may be lost by chance. */
const ENOUGH = 3;
/** The small ones took so much less than the large ones were waited for. */
const FASTER = 2;
/** Below it a small one takes two segments as well. */
const SMALL_SEGMENT = 1000;

/** Null where none was sent. */
export const largeHelloFacts = perPath("largeHelloFacts", (path: Path): LargeHelloFacts | null => {
  const large = besideDefault(path, "large-hello");
  const [first] = large;
  if (first === undefined) return null;
  const controls = besideDefault(path, "same-name").filter(isControl);
  const ends = large.map(handshakeEnd);
  const unanswered = large.filter((attempt) => handshakeEnd(attempt) === "silent");
  const cut = large.every((attempt) => isCut(attempt, controls));
  return {
    large,
    ends,
    lost: large.length >= ENOUGH && controls.length === large.length - 1 && cut,
    acknowledged: wereAcknowledged(unanswered),
    packetBytes: offeredBytes(first),
    evidence: [...large, ...controls].flatMap((attempt) => [...handshakeEvidence(attempt)]),
  };
});

/** Answered, and of a single segment. */
function isControl(attempt: Attempt): boolean {
  if (attempt.firstFlightBytes === null || attemptState(attempt, "tls") !== "passed") return false;
  return (lastInfo(attempt)?.sndMss ?? SMALL_SEGMENT) >= SMALL_SEGMENT;
}

function isCut(attempt: Attempt, controls: readonly Attempt[]): boolean {
  const end = handshakeEnd(attempt);
  if (end === "reset" || end === "closed") return true;
  const result = stageOf(attempt, "tls")?.result;
  if (end !== "silent" || result?.kind !== "no-reply") return false;
  const slowest = Math.max(...controls.map((control) => stageOf(control, "tls")?.ms ?? 0));
  return result.waitedMs >= FASTER * slowest;
}

function wereAcknowledged(unanswered: readonly Attempt[]): boolean | null {
  const infos = unanswered.flatMap((attempt) => lastInfo(attempt) ?? []);
  if (infos.length === 0) return null;
  return !infos.some(unacknowledged);
}
