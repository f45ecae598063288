// Whether echo replies are worth anything here: some user-mode NATs answer every echo themselves (gvisor, gvproxy).

import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { ControlProbe } from "../../schema/events/host-probe.ts";
import type { ProbeOutcome } from "../../schema/events/probe.ts";

/** The answer of an address that nobody has; null where none came, or none was requested. */
export function spoofedEcho({ controls }: Path): Seen<ControlProbe> | null {
  return (
    controls.find(({ about, outcome }) => about === "silent-address" && outcome.kind === "reply") ??
    null
  );
}

/** Whether an outcome may count as somebody's answer: an echo reply does not where they are spoofed. */
export function isTrusted(path: Path, outcome: ProbeOutcome): boolean {
  const isEcho = outcome.kind === "reply" && outcome.with === "echo-reply";
  return !isEcho || spoofedEcho(path) === null;
}
