// The Windows host's own probes by their kind, and observations that rest on them.

import { hostLinks } from "../../host/links.ts";
import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { HostProbe, HostProbeResult } from "../../schema/events/host-probe.ts";
import { perPath } from "../per-path.ts";

/** Whether somebody was reached, by whom that is known, and how long ago. */
export interface Observation {
  readonly state: "yes" | "no" | "unknown";
  /** For people: what was tried and what came of it, or why nothing is known. */
  readonly reason: string;
  /** Tried in this run; false for a saved snapshot, which was true when it was made. */
  readonly fresh: boolean;
  readonly evidence: readonly string[];
}

export function unknownObservation(reason: string): Observation {
  return { state: "unknown", reason, fresh: false, evidence: [] };
}

interface Identified {
  readonly id: string;
}

/** An observation that rests on probes of this run. */
export function freshObservation(
  state: "yes" | "no",
  reason: string,
  probes: readonly Identified[],
): Observation {
  return { state, reason, fresh: true, evidence: probes.map(({ id }) => id) };
}

/** An observation of the snapshot, which is fresh when Windows was asked in this run. */
export function snapshotObservation({ host }: Path, state: boolean, did: string): Observation {
  const fresh = host?.origin === "interop";
  const at = host?.snapshot?.collectedAt ?? null;
  const age = at === null ? "when the snapshot was made" : `when the snapshot was made (${at})`;
  return {
    state: state ? "yes" : "no",
    reason: `Windows ${did} ${fresh ? "in this run" : age}`,
    fresh,
    evidence: host === null ? [] : [host.id],
  };
}

/** Why the host's evidence is missing. */
export function whyNotAsked({ hostProber, host }: Path): string {
  return hostProber?.reason ?? host?.reason ?? "the Windows host was not asked";
}

export type Probed<A extends HostProbeResult["ask"]> = Seen<HostProbe> & {
  readonly try: Extract<HostProbeResult, { readonly ask: A }>;
};

export function hostProbesOf<A extends HostProbeResult["ask"]>(
  path: Path,
  ask: A,
): readonly Probed<A>[] {
  return path.hostProbes.filter((probe): probe is Probed<A> => probe.try.ask === ask);
}

export function echoesTo(path: Path, address: string): readonly Probed<"echo">[] {
  return hostProbesOf(path, "echo").filter(({ try: one }) => one.address === address);
}

/** A reset comes from the target as well as an acceptance does. */
export function isAnswer({ try: one }: Probed<"connect">): boolean {
  return one.outcome === "connected" || one.outcome === "refused";
}

/** The host's own addresses, by the snapshot. */
export const hostAddresses = perPath("hostAddresses", computeHostAddresses);

function computeHostAddresses(path: Path): ReadonlySet<string> {
  const snapshot = path.host?.snapshot ?? null;
  const links = snapshot === null ? [] : hostLinks(snapshot);
  return new Set(links.flatMap((link) => link.addresses.map(({ address }) => address)));
}
