// The chain from the distro to the target: its segments, and how each direction of each one fares.

import { stageOf } from "../../facts/connection/attempt.ts";
import { tracedAddress, tracedLookup } from "../../facts/connection/subject.ts";
import type { Facts } from "../../facts/facts.ts";
import { branchesAt } from "../../facts/loss/udp-flows.ts";
import type { HopFacts, Hops } from "../../facts/reach/hops.ts";
import { ADDRESS_GIVEN, NAME_NOT_RESOLVED } from "../../facts/reasons.ts";
import type { Segment } from "../../schema/verdict.ts";
import { applyHost } from "./both-sides.ts";
import { hostSegments } from "./host.ts";
import { applyHostCounters } from "./host-counters.ts";
import { applyKernel } from "./kernel.ts";
import { deviceKind, hopKind, isBehindHost } from "./kinds.ts";
import { withOriginalDatagrams } from "./original-datagrams.ts";
import { blank } from "./segment.ts";
import { applyLimits } from "./sizes.ts";

export function chainOf(facts: Facts): readonly Segment[] {
  const hops = facts.hops;
  const answered = answers(facts, hops);
  const host = hostSegments(facts, hops);
  // The first router may have its segment already, made from the snapshot or from the route.
  const named = host.some(({ kind }) => kind === "lan-gateway" || kind === "vpn-gateway");
  const inner = [linuxStack(facts), device(facts), ...host];
  const segments = [...inner, ...routerSegments(facts, hops, named), destination(facts, hops)];
  const judged = segments.map((segment, n) => judge(segment, n, segments, answered));
  const limited = applyLimits(facts, [resolver(facts), ...applyHost(facts, judged)]);
  return applyKernel(facts, applyHostCounters(facts, withOriginalDatagrams(facts, limited)));
}

interface Answers {
  /** The target answered anything at all. */
  readonly target: boolean;
  readonly evidence: readonly string[];
}

function answers({ attempt }: Facts, hops: Hops): Answers {
  const connect = stageOf(attempt, "connect");
  const replied =
    connect?.result.kind === "ok" ||
    (connect?.result.kind === "failed" && connect.result.code === "ECONNREFUSED");
  const evidence = [...(replied && connect ? [connect.id] : []), ...(hops.target?.evidence ?? [])];
  return { target: evidence.length > 0, evidence };
}

/** What lies before something that answered has carried small packets in both directions. */
function judge(
  segment: Segment,
  position: number,
  segments: readonly Segment[],
  answered: Answers,
): Segment {
  if (segment.outbound !== "unknown") return segment;
  const beyond = segments
    .slice(position)
    .find((later) => later.evidence.length > 0 && later.ttl !== null);
  if (answered.target || beyond !== undefined) {
    const evidence =
      segment.evidence.length > 0 ? segment.evidence : (beyond?.evidence ?? answered.evidence);
    return { ...segment, outbound: "ok", inbound: "ok", evidence };
  }
  const reason = segment.reason ?? "nothing at it or beyond it answered";
  return { ...segment, reason };
}

function resolver({ dns: names, path }: Facts): Segment {
  const evidence = names.configured.flatMap((server) => server.evidence);
  const server = names.decidedBy ?? names.configured[0];
  const name = server?.server ?? path.resolverConfig?.servers[0] ?? "no resolver";
  const at = { address: /^[\d.]+$|:/.test(name) ? name : null, evidence };
  if (names.literal) return blank("resolver", name, { ...at, reason: ADDRESS_GIVEN });
  if (names.outcome === "not-asked")
    return blank("resolver", name, { ...at, reason: "not queried" });
  const status = names.outcome === "ok" ? "ok" : "broken";
  const reason = status === "ok" ? null : (server?.reported ?? "no server to query");
  return blank("resolver", name, { ...at, outbound: status, inbound: status, reason });
}

function linuxStack({ path }: Facts): Segment {
  const name = path.vantage === null ? "Linux" : `Linux ${path.vantage.kernel}`;
  const lookup = path.lookups[0];
  if (lookup?.outcome.kind !== "no-route") return blank("linux-stack", name);
  const refused = (lookup.outcome.refusedBy ?? []).length > 0;
  const reason = refused
    ? `a route or rule refuses ${lookup.address}`
    : `no route to ${lookup.address}`;
  const broken = { outbound: "broken", inbound: "unknown" } as const;
  return blank("linux-stack", name, { ...broken, reason, evidence: [lookup.id] });
}

/** What the route leads into: the card, or a tunnel of the distro's own. */
function device(facts: Facts): Segment {
  const lookup = tracedLookup(facts.path);
  if (lookup?.outcome.kind !== "route") return blank("linux-nic", "no interface");
  const { interface: name, source, linkMtu } = lookup.outcome;
  return blank(deviceKind(facts), name, { address: source, mtu: linkMtu });
}

/** Routers that no segment of the host stands for, silent ones between answering ones included. */
function routerSegments(facts: Facts, hops: Hops, named: boolean): readonly Segment[] {
  const first = isBehindHost(facts) ? 2 : 1;
  return hops.routers
    .filter((hop) => hop.ttl >= first + (named ? 1 : 0))
    .map((hop) => router(facts, hop));
}

function router(facts: Facts, hop: HopFacts): Segment {
  const kind = hopKind(facts, hop.ttl);
  const { ttl, evidence } = hop;
  if (hop.from !== null) {
    const { from, rttMs } = hop;
    const branches = branchesAt(facts.path, ttl);
    const several = branches.length > 1 ? { branches } : {};
    return blank(kind, hop.name ?? from, {
      address: from,
      ttl,
      rttMs,
      evidence,
      ...several,
    });
  }
  if (hop.rewritten) {
    const reason = "answers, and a NAT on the path rewrites its address to the target's";
    return blank(kind, "address hidden by NAT", { ttl, evidence, reason });
  }
  return blank(kind, "no reply", {
    ttl,
    outbound: "silent",
    inbound: "silent",
    reason: hop.droppedHere
      ? "its answer was received, and this kernel dropped it"
      : "sends no time exceeded, while later hops answer",
  });
}

function destination({ path, attempt }: Facts, hops: Hops): Segment {
  const address = tracedAddress(path) ?? null;
  const end = path.run?.target.host ?? "target";
  // The chain leads to what packets are sent to.
  const name = path.requested === null ? end : `proxy ${end}`;
  const connect = stageOf(attempt, "connect");
  const evidence = [
    ...(connect === undefined ? [] : [connect.id]),
    ...(hops.target?.evidence ?? []),
  ];
  const refused = connect?.result.kind === "failed" && connect.result.code === "ECONNREFUSED";
  const status = refused ? ({ outbound: "ok", inbound: "ok" } as const) : {};
  const reason = address === null ? NAME_NOT_RESOLVED : refused ? "the port is closed" : null;
  return blank("destination", name, {
    address,
    ttl: hops.target?.ttl ?? null,
    rttMs: hops.target?.rttMs ?? null,
    evidence,
    reason,
    ...status,
  });
}
