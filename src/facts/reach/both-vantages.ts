// What this side and the host make of the path together.

import type { Path } from "../../model/path.ts";
import { guestPath } from "./guest-path.ts";
import { hostFacts } from "./host-evidence.ts";
import type { Observation } from "./host-probes.ts";

/** Nobody behind the host answers what this side sends to the target. */
export function isCutOff(path: Path): boolean {
  return guestPath(path).beyond.state === "no";
}

/** The path around the tunnel works, and nobody got an answer through it. Without a tunnel there is no endpoint. */
export function isTunnelDead(path: Path): boolean {
  const { tunnel, endpoint } = hostFacts(path);
  return isCutOff(path) && tunnel.state !== "yes" && endpoint.state === "yes";
}

/** The host's observation that it reaches the target itself, in this run: whatever fails, the target and its routers do not. */
export function reachedByHost(path: Path): Observation | null {
  const { target } = hostFacts(path);
  return target.state === "yes" && target.fresh ? target : null;
}

/** The same of the target's port: an echo from there shows nothing of it. */
export function portReachedByHost(path: Path): Observation | null {
  const target = reachedByHost(path);
  const echoes = path.hostProbes.filter(({ try: one }) => one.ask === "echo");
  return echoes.some(({ id }) => target?.evidence.includes(id)) ? null : target;
}

/** What Windows makes of the name that the distro's servers do not resolve, as the end of a sentence. */
export function nameOnHost(path: Path): {
  readonly words: string;
  readonly evidence: readonly string[];
} {
  const { name } = hostFacts(path);
  const where = {
    yes: "the fault lies between the distro and its server",
    no: "the fault lies behind both",
    unknown: "",
  }[name.state];
  return where === ""
    ? { words: "", evidence: [] }
    : { words: `; ${name.reason}: ${where}`, evidence: name.evidence };
}
