// The hops that TTL probes showed: who answered at which TTL, and where the target itself did.

import { type Hop, type HopReply, hopTable, type Probe } from "../../model/hop.ts";
import type { Path } from "../../model/path.ts";
import type { Protocol } from "../../schema/events/probe.ts";
import { isFromTarget } from "../connection/subject.ts";
import { probeDrops } from "../kernel/own-packets.ts";
import { perPath } from "../per-path.ts";
import { targetProbes } from "./probes.ts";

export interface HopFacts {
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
  readonly routers: readonly HopFacts[];
  readonly target: HopFacts | null;
}

/** Which answer counts first: UDP is not answered on behalf of others; echo and SYN are, by proxies. */
const TRUST: readonly Protocol[] = ["udp", "tcp", "icmp"];

/** The hops on the path to the traced address. */
export const hopsOf = perPath("hopsOf", computeHops);

function computeHops(path: Path): Hops {
  const all = targetProbes(path);
  const asked = all
    .filter(({ purpose }) => purpose === "hop")
    .sort((a, b) => TRUST.indexOf(a.protocol) - TRUST.indexOf(b.protocol));
  // A hop that was unanswered at first may have replied in the loss measurement: lost answers do not make it silent.
  const probes = [...asked, ...all.filter(isLossMeasurement)];
  const table = hopTable(probes);
  const last = table.findLast(({ replies }) => replies.some(isRouter))?.ttl ?? 0;
  const reached = reachedBy(probes, last);
  const end = reached === undefined ? last : reached.ttl - 1;
  const routers = Array.from({ length: end }, (_, n) => hopAt(n + 1, table, path));
  if (reached === undefined) return { routers, target: null };
  const { ttl, address: from, id } = reached;
  const rttMs = "rttMs" in reached.outcome ? reached.outcome.rttMs : null;
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

function isRouter({ rewritten }: HopReply): boolean {
  return !rewritten;
}

function hopAt(ttl: number, table: readonly Hop[], path: Path): HopFacts {
  const hop = table.find((one) => one.ttl === ttl);
  const { sent, replies } = hop ?? { sent: [], replies: [] };
  const reply = replies.find(isRouter) ?? replies[0];
  if (reply === undefined) {
    const drops = sent.flatMap(({ cookie }) => probeDrops(path, cookie));
    const evidence = [...sent, ...drops].map(({ id }) => id);
    const lost = drops.some(({ packet }) => packet?.quoted === true) ? { droppedHere: true } : {};
    return { ttl, from: null, name: null, rewritten: false, rttMs: null, evidence, ...lost };
  }
  const { from, rewritten } = reply;
  const rttMs = medianRtt(replies.filter((one) => one.from === from));
  const evidence = [reply.id];
  if (rewritten) return { ttl, from: null, name: null, rewritten, rttMs, evidence };
  const name = path.hopNames.find(({ address }) => address === from)?.name ?? null;
  return { ttl, from, name, rewritten, rttMs, evidence };
}

function medianRtt(replies: readonly HopReply[]): number | null {
  const rtts = replies.map(({ rttMs }) => rttMs);
  return rtts.sort((a, b) => a - b)[Math.floor((rtts.length - 1) / 2)] ?? null;
}
