// An echo reply as large as the link takes that came in one piece: on the inbound path nothing is smaller.
//
// Without DF, so that a link which takes less would have cut it; where that is not told (IP_RECVFRAGSIZE), it is no evidence.

import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { ControlProbe } from "../../schema/events/host-probe.ts";
import { tracedAddress } from "../connection/subject.ts";
import { isTrusted } from "../reach/echo-spoofing.ts";

/** The largest, null where none came, or nobody may be trusted to have sent it. */
export function wholeEcho(path: Path): Seen<ControlProbe> | null {
  const address = tracedAddress(path);
  const whole = path.controls.filter(
    ({ about, outcome, ...probe }) =>
      about === "whole-echo" &&
      probe.address === address &&
      outcome.kind === "reply" &&
      outcome.largestFragment === null &&
      isTrusted(path, outcome),
  );
  return whole.sort((one, other) => other.sizeBytes - one.sizeBytes)[0] ?? null;
}
