// Hops and sizes as rows of a table: what was sent, and what of it passed.

import { attemptState, offeredBytes } from "../../facts/connection/attempt.ts";
import { isFromTarget, tracedAddress } from "../../facts/connection/subject.ts";
import { hopsOf } from "../../facts/reach/hops.ts";
import { targetProbes } from "../../facts/reach/probes.ts";
import type { Path } from "../../model/path.ts";
import { pathOf } from "../../model/reduce.ts";
import type { ProbeOutcome } from "../../schema/events/probe.ts";
import type { Report } from "../../schema/report.ts";

export interface Rung {
  readonly bytes: number;
  /** Refused by an ICMP error that names the size, or gone without a word. */
  readonly result: "passed" | "told" | "lost";
  /** The event that shows it. */
  readonly evidence: string;
}

/** Every size is shown once, by the best that became of it; around the limit first where there are many. */
export function sizeRungs(report: Report, way: "outbound" | "inbound"): readonly Rung[] {
  const path = pathOf(report.events);
  const all = way === "outbound" ? outboundRungs(path) : inboundRungs(path);
  const best = new Map<number, Rung>();
  for (const rung of all) {
    const known = best.get(rung.bytes);
    if (known === undefined || ORDER.indexOf(rung.result) < ORDER.indexOf(known.result)) {
      best.set(rung.bytes, rung);
    }
  }
  const limit = report.pmtu[way].atLeast ?? 0;
  const near = [...best.values()].sort(
    (a, b) => Math.abs(a.bytes - limit) - Math.abs(b.bytes - limit),
  );
  return near.slice(0, MOST_RUNGS).sort((a, b) => b.bytes - a.bytes);
}

const ORDER: readonly Rung["result"][] = ["passed", "told", "lost"];
const MOST_RUNGS = 16;

function outboundRungs(path: Path): readonly Rung[] {
  return targetProbes(path).flatMap(({ purpose, sizeBytes, outcome, address, id }) => {
    if (purpose !== "size" && purpose !== "control") return [];
    const result = resultOf(outcome, address);
    return result === null ? [] : [{ bytes: sizeBytes, result, evidence: id }];
  });
}

function resultOf(outcome: ProbeOutcome, address: string): Rung["result"] | null {
  if (outcome.kind === "too-big") return "told";
  if (outcome.kind === "no-reply") return "lost";
  return isFromTarget(outcome, address) ? "passed" : null;
}

/** Connections that invite segments of a size: those that got an answer, and those that waited in vain. */
function inboundRungs(path: Path): readonly Rung[] {
  const own = [...path.connections.default, ...path.connections["mss-sweep"]];
  return own.flatMap((attempt) => {
    const bytes = offeredBytes(attempt);
    const last = attempt.stages.at(-1);
    const state = attemptState(attempt, last?.stage ?? "connect");
    if (bytes === null || (state !== "passed" && state !== "stalled")) return [];
    const evidence = last?.id ?? attempt.id;
    return [
      { bytes, result: state === "passed" ? ("passed" as const) : ("lost" as const), evidence },
    ];
  });
}

export interface HopRow {
  readonly ttl: number;
  /** Null where nobody answered. */
  readonly address: string | null;
  readonly name: string | null;
  readonly rttMs: number | null;
  readonly sent: number;
  readonly answered: number;
}

export function hopRows(report: Report): readonly HopRow[] {
  const path = pathOf(report.events);
  if (tracedAddress(path) === undefined) return [];
  const { routers, target } = hopsOf(path);
  const probes = targetProbes(path);
  return [...routers, ...(target === null ? [] : [target])].map(({ ttl, from, name, rttMs }) => {
    // Of the target, packets with a larger TTL are about something else.
    const own = probes.filter((one) => one.ttl === ttl);
    const answered = own.filter(({ outcome }) => "from" in outcome).length;
    return { ttl, address: from, name, rttMs, sent: own.length, answered };
  });
}
