// The Windows host's own tries by their kind, and the words that facts about it are told in.

import type { HostProbe, HostTry } from "./events/host-side.ts";
import { hostLinks } from "./host/links.ts";
import type { Path, Seen } from "./path.ts";

/** Whether somebody was reached, by whom that is known, and how long ago. */
export interface Word {
  readonly said: "yes" | "no" | "unknown";
  /** For people: what was tried and what came of it, or why nothing is known. */
  readonly because: string;
  /** Tried in this run; false for a saved snapshot, which was true when it was made. */
  readonly live: boolean;
  readonly evidence: readonly string[];
}

export function unknownWord(because: string): Word {
  return { said: "unknown", because, live: false, evidence: [] };
}

interface Identified {
  readonly id: string;
}

/** A word that rests on tries of this run. */
export function liveWord(said: "yes" | "no", because: string, probes: readonly Identified[]): Word {
  return { said, because, live: true, evidence: probes.map(({ id }) => id) };
}

/** A word of the snapshot, which is fresh when it was made by asking. */
export function snapshotWord({ host }: Path, said: boolean, did: string): Word {
  const fresh = host?.origin === "interop";
  const at = host?.snapshot?.collectedAt ?? null;
  const age = at === null ? "when the snapshot was made" : `when the snapshot was made (${at})`;
  return {
    said: said ? "yes" : "no",
    because: `Windows ${did} ${fresh ? "in this run" : age}`,
    live: fresh,
    evidence: host === null ? [] : [host.id],
  };
}

/** Why the host's word is missing. */
export function whyNotAsked({ hostProber, host }: Path): string {
  return hostProber?.reason ?? host?.reason ?? "the Windows host was not asked";
}

export type Tried<A extends HostTry["ask"]> = Seen<HostProbe> & {
  readonly try: Extract<HostTry, { readonly ask: A }>;
};

export function tries<A extends HostTry["ask"]>(path: Path, ask: A): readonly Tried<A>[] {
  return path.hostProbes.filter((probe): probe is Tried<A> => probe.try.ask === ask);
}

export function echoesTo(path: Path, address: string): readonly Tried<"echo">[] {
  return tries(path, "echo").filter(({ try: one }) => one.address === address);
}

/** A reset comes from the target as well as an acceptance does. */
export function isAnswer({ try: one }: Tried<"connect">): boolean {
  return one.outcome === "connected" || one.outcome === "refused";
}

/** The host's own addresses, by the snapshot. */
export function hostAddresses(path: Path): ReadonlySet<string> {
  const snapshot = path.host?.snapshot ?? null;
  const links = snapshot === null ? [] : hostLinks(snapshot);
  return new Set(links.flatMap((link) => link.addresses.map(({ address }) => address)));
}
