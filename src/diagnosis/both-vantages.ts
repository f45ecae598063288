// What both sides found, and between which segments a fault lies when only one of them fails.

import { type GuestPath, guestPath } from "../facts/reach/guest-path.ts";
import { type HostFacts, hostFacts } from "../facts/reach/host-evidence.ts";
import type { Observation } from "../facts/reach/host-probes.ts";
import type { SegmentKind } from "../schema/verdict.ts";
import type { Facts } from "./rule.ts";

export interface BothSides {
  readonly guest: GuestPath;
  readonly host: HostFacts;
}

export function bothSides({ path }: Pick<Facts, "path">): BothSides {
  return { guest: guestPath(path), host: hostFacts(path) };
}

/** Nobody behind the host answers what this side sends to the target. */
export function isCutOff(facts: Pick<Facts, "path">): boolean {
  return bothSides(facts).guest.beyond.state === "no";
}

/** The way around the tunnel works, and nobody got an answer through it. */
export function isTunnelDead(facts: Pick<Facts, "path" | "vpn">): boolean {
  const { host } = bothSides(facts);
  const inVpn = facts.vpn?.known === true && facts.vpn.inVpn;
  return inVpn && isCutOff(facts) && host.tunnel.state !== "yes" && host.endpoint.state === "yes";
}

/** The host's word that it reaches the target itself, in this run: whatever fails, the target and its routers do not. */
export function reachedByHost(facts: Pick<Facts, "path">): Observation | null {
  const { target } = bothSides(facts).host;
  return target.state === "yes" && target.fresh ? target : null;
}

/** What Windows makes of the name that the distro's servers do not resolve, as the end of a sentence. */
export function nameOnHost(facts: Pick<Facts, "path">): {
  readonly words: string;
  readonly evidence: readonly string[];
} {
  const { name } = bothSides(facts).host;
  const where = {
    yes: "the fault lies between the distro and its server",
    no: "the fault lies behind both",
    unknown: "",
  }[name.state];
  return where === ""
    ? { words: "", evidence: [] }
    : { words: `; ${name.reason}: ${where}`, evidence: name.evidence };
}

/** From Windows' own stack to the first thing behind its way out: nobody said which of it. */
export function wholePath({ vpn }: Facts): [SegmentKind, SegmentKind] {
  const inVpn = vpn?.known === true && vpn.inVpn;
  return ["windows-stack", inVpn ? "vpn-gateway" : "lan-gateway"];
}
