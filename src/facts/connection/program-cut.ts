// A followed connection that had carried a long answer when the other end stopped acknowledging anything.

import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { ProgramConnection } from "../../schema/events/program.ts";
import { defaultEnding, hasFailed } from "./ending.ts";
import { transferFacts } from "./transfer.ts";

/** Less is no long answer: the path may have lost it before anything was carried. */
const LONG_ANSWER = 32_768;

/** Undefined where none did, or a new connection fails or stops as well, which says more. */
export function cutTransfer(path: Path): Seen<ProgramConnection> | undefined {
  if (hasFailed(defaultEnding(path)) || transferFacts(path)?.stopped === true) return undefined;
  return path.programConnections.find(
    ({ diagnosed, condition, info }) =>
      diagnosed && condition === "gone" && (info?.bytesReceived ?? 0) >= LONG_ANSWER,
  );
}
