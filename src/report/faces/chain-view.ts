// The chain as a picture needs it: which segments are drawn, which stand for many, and where the fault is marked.

import type { Report } from "../../schema/report.ts";
import type { Segment } from "../../schema/verdict.ts";
import { milliseconds } from "../duration.ts";
import { worstOf } from "../worst-status.ts";
import type { FaceTexts } from "./texts.ts";

export interface DrawnSegment {
  readonly segment: Segment;
  /** Healthy routers behind it that are not drawn. */
  readonly skipped: number;
  readonly fault: boolean;
}

export interface ChainView {
  readonly segments: readonly DrawnSegment[];
  /** Indexes of drawn segments between which the fault is, where it is at none. */
  readonly between: readonly [number, number] | null;
}

/** Of a long path its ends and whatever is not well. */
const KEPT_HOPS = 2;

export function chainView({ chain, findings }: Pick<Report, "chain" | "findings">): ChainView {
  const root = findings.find(({ severity }) => severity !== "note");
  const hops = chain.filter(isHop);
  const kept = new Set([...hops.slice(0, KEPT_HOPS), ...hops.slice(-KEPT_HOPS)]);
  const segments: DrawnSegment[] = [];
  const faultAt = faultIndex(chain, root);
  for (const [index, segment] of chain.entries()) {
    const isDrawn = !isHop(segment) || kept.has(segment) || !isWell(segment) || index === faultAt;
    const last = segments.at(-1);
    if (isDrawn || last === undefined) {
      segments.push({ segment, skipped: 0, fault: index === faultAt });
    } else segments[segments.length - 1] = { ...last, skipped: last.skipped + 1 };
  }
  return { segments, between: root?.segment === null ? betweenOf(segments, root.between) : null };
}

function isHop({ kind }: Segment): boolean {
  return kind === "internet-hop";
}

function isWell({ outbound, inbound }: Segment): boolean {
  return [outbound, inbound].every((status) => status === "ok" || status === "silent");
}

/** -1 for none; of several of a kind the one that is worst off, else the one that the finding rests on. */
function faultIndex(
  chain: readonly Segment[],
  root: Report["findings"][number] | undefined,
): number {
  if (root?.segment == null) return -1;
  const alike = chain.flatMap((one, index) => (one.kind === root.segment ? [{ one, index }] : []));
  const bad = alike.find(({ one }) => !isWell(one) && worstOf(one) !== "unknown");
  const shown = alike.find(({ one }) => one.evidence.some((id) => root.evidence.includes(id)));
  return (bad ?? shown ?? (alike.length === 1 ? alike[0] : undefined))?.index ?? -1;
}

function betweenOf(
  segments: readonly DrawnSegment[],
  between: Report["findings"][number]["between"],
): readonly [number, number] | null {
  if (between === null) return null;
  const near = segments.findLastIndex(({ segment }) => segment.kind === between[0]);
  const far = segments.findIndex(({ segment }, n) => n > near && segment.kind === between[1]);
  return near < 0 || far < 0 ? null : [near, far];
}

/** What stands at the link behind a segment: where the fault begins, where it ends, or both. */
export function faultMark(
  { between }: Pick<ChainView, "between">,
  index: number,
  { labels }: FaceTexts,
): { readonly isHere: boolean; readonly text: string } {
  if (between === null || index < between[0] || index >= between[1])
    return { isHere: false, text: "" };
  const [near, far] = between;
  if (far - near === 1) return { isHere: true, text: `✖ ${labels.faultHere}` };
  if (index === near) return { isHere: true, text: `✖ ${labels.faultFrom}` };
  return { isHere: true, text: index === far - 1 ? `✖ ${labels.faultTo}` : "" };
}

/** Name, address, MTU and TTL in short lines. */
export function segmentLines({ name, address, mtu, ttl, rttMs }: Segment): readonly string[] {
  const hop = [
    ttl === null ? null : `TTL ${ttl}`,
    rttMs === null ? null : milliseconds(rttMs),
  ].filter((one) => one !== null);
  return [
    name,
    address === name ? "" : (address ?? ""),
    mtu === null ? "" : `MTU ${mtu}`,
    hop.join(", "),
  ].filter((line) => line !== "");
}

/** The columns of the chain as a table. */
export function chainColumns({ labels }: FaceTexts): readonly string[] {
  const { segment, name, address, mtu, ttl, rtt, outbound, inbound } = labels;
  return [segment, name, address, mtu, ttl, rtt, `→ ${outbound}`, `← ${inbound}`];
}
