// The hops that TTL probes showed: who answered at which TTL, and where the target itself did.

import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { ProbeSent, Protocol } from "../../schema/events/probe.ts";
import { isFromTarget, tracedAddress } from "../connection/subject.ts";
import { probeDrops } from "../kernel/own-packets.ts";
import { perPath } from "../per-path.ts";

export interface Hop {
  readonly ttl: number;
  /** Null for a silent hop, and where the answer bears no address of the hop's own. */
  readonly from: string | null;
  /** What a name server calls it; null without. */
  readonly name: string | null;
  /**
   * The hop answered with the target's address: a NAT on the path rewrites the source of ICMP errors,
   * as WSL's does (microsoft/WSL#7036).
   */
  readonly rewritten: boolean;
  /** Median in milliseconds; null for a silent hop. */
  readonly rttMs: number | null;
  readonly evidence: readonly string[];
  /** Its answer came, and this kernel gave it up. */
  readonly droppedHere?: boolean;
}

export interface Hops {
  /** Routers before the target, silent ones between answering ones included. */
  readonly routers: readonly Hop[];
  readonly target: Hop | null;
}

type Probe = Seen<ProbeSent>;

/** Which answer counts first: UDP is not answered on behalf of others; echo and SYN are, by proxies. */
const TRUST: readonly Protocol[] = ["udp", "tcp", "icmp"];

/** The hops on the path to the traced address. */
export const hopsOf = perPath("hopsOf", computeHops);

function computeHops(path: Path): Hops {
  const address = tracedAddress(path);
  const all = path.probes.filter((probe) => probe.address === address);
  const asked = all
    .filter(({ purpose }) => purpose === "hop")
    .sort((a, b) => TRUST.indexOf(a.protocol) - TRUST.indexOf(b.protocol));
  // A hop that was unanswered at first may have replied in the loss measurement: lost answers do not make it silent.
  const probes = [...asked, ...all.filter(isLossMeasurement)];
  const last = Math.max(0, ...probes.filter(isRouter).map(({ ttl }) => ttl));
  const reached = reachedBy(probes, last);
  const end = reached === undefined ? last : reached.ttl - 1;
  const routers = Array.from({ length: end }, (_, n) => hopAt(n + 1, probes, path));
  if (reached === undefined) return { routers, target: null };
  const { ttl, address: from, id } = reached;
  const rttMs = medianRtt([reached]);
  return { routers, target: { ttl, from, name: null, rewritten: false, rttMs, evidence: [id] } };
}

/** The nearest answer of the target; one before a router's was another host's, such as a proxy's echo. */
function reachedBy(probes: readonly Probe[], last: number): Probe | undefined {
  const answers = probes.filter((probe) => isFromTarget(probe.outcome, probe.address));
  const behind = answers.filter(({ ttl }) => ttl > last);
  const trusted = answers.filter(({ protocol }) => protocol === answers[0]?.protocol);
  const candidates = behind.length > 0 ? behind : trusted;
  return [...candidates].sort((a, b) => a.ttl - b.ttl)[0];
}

/** By TTL, as hops are probed: the SYNs beside them go to the target. */
function isLossMeasurement({ purpose, protocol }: Probe): boolean {
  return purpose === "loss" && protocol !== "tcp";
}

function isExceeded({ outcome }: Probe): boolean {
  return outcome.kind === "time-exceeded";
}

function isRouter(probe: Probe): boolean {
  return isExceeded(probe) && !isRewritten(probe);
}

function isRewritten({ outcome, address }: Probe): boolean {
  return outcome.kind === "time-exceeded" && outcome.from === address;
}

function hopAt(ttl: number, probes: readonly Probe[], path: Path): Hop {
  const here = probes.filter((probe) => probe.ttl === ttl);
  const answered = here.find(isRouter) ?? here.find(isExceeded);
  if (answered === undefined || !("from" in answered.outcome)) {
    const drops = here.flatMap(({ cookie }) => probeDrops(path, cookie));
    const evidence = [...here, ...drops].map(({ id }) => id);
    const lost = drops.some(({ packet }) => packet?.quoted === true) ? { droppedHere: true } : {};
    return { ttl, from: null, name: null, rewritten: false, rttMs: null, evidence, ...lost };
  }
  const evidence = [answered.id];
  const { from } = answered.outcome;
  const rewritten = isRewritten(answered);
  const same = here.filter(({ outcome }) => isExceededFrom(outcome, from));
  const rttMs = medianRtt(same);
  if (rewritten) return { ttl, from: null, name: null, rewritten, rttMs, evidence };
  const name = path.hopNames.find(({ address }) => address === from)?.name ?? null;
  return { ttl, from, name, rewritten, rttMs, evidence };
}

function isExceededFrom(outcome: Probe["outcome"], from: string): boolean {
  return outcome.kind === "time-exceeded" && outcome.from === from;
}

function medianRtt(probes: readonly Probe[]): number | null {
  const rtts = probes.flatMap(({ outcome }) => ("rttMs" in outcome ? [outcome.rttMs] : []));
  return rtts.sort((a, b) => a - b)[Math.floor((rtts.length - 1) / 2)] ?? null;
}
