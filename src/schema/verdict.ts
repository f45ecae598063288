// The words a diagnosis is written in: segments, stages, size limits and findings, as published.

import * as z from "zod";

export const segmentKind = z.enum([
  "resolver",
  "linux-stack",
  "linux-nic",
  "vswitch",
  "windows-stack",
  "nat",
  "vpn-adapter",
  "physical-nic",
  "lan-gateway",
  "vpn-gateway",
  "internet-hop",
  "destination",
]);
export type SegmentKind = z.infer<typeof segmentKind>;

export const segmentStatus = z.enum([
  "ok",
  /** A size limit that is reported by ICMP. */
  "limited",
  /** A size limit that nothing reports. */
  "blackhole",
  "lossy",
  "broken",
  /** No answer, and that is no fault. */
  "silent",
  /** Not checked, with the reason. */
  "unknown",
]);
export type SegmentStatus = z.infer<typeof segmentStatus>;

const evidence = z.array(z.string()).readonly();

export const segment = z.object({
  kind: segmentKind,
  name: z.string(),
  address: z.string().nullable(),
  mtu: z.number().int().nullable(),
  ttl: z.number().int().nullable(),
  /** Median of the hop's answers in milliseconds; null where it gave none. */
  rttMs: z.number().nullable(),
  /** Routers that other flows met at this TTL, where several were sent and routers balance them. */
  branches: z
    .array(z.object({ address: z.string(), flows: z.array(z.number().int()).readonly() }))
    .readonly(),
  /** The host snapshot names it; it never answered a TTL probe itself. */
  inferred: z.boolean(),
  outbound: segmentStatus,
  inbound: segmentStatus,
  /** Why a direction is unknown or silent. */
  reason: z.string().nullable(),
  evidence,
});
export type Segment = z.infer<typeof segment>;

const stageName = z.enum(["resolve", "route", "reach", "connect", "tls", "http"]);

export const stage = z.object({
  stage: stageName,
  status: z.enum(["ok", "failed", "skipped", "unknown"]),
  ms: z.number().nullable(),
  detail: z.string(),
});
export type Stage = z.infer<typeof stage>;

export const pmtuEstimate = z.object({
  /** Exact size, or the largest size seen to pass where no limit is in sight; null when unknown. */
  bytes: z.number().int().nullable(),
  exact: z.boolean(),
  /** The largest size seen to pass. */
  atLeast: z.number().int().nullable(),
  /** The smallest size seen to be lost or refused, null where no limit is in sight. */
  below: z.number().int().nullable(),
  basis: z.enum(["icmp", "silence", "tcp", "cache", "unknown"]),
  /** Whether the limit drops without a word. */
  silent: z.boolean(),
  reason: z.string().nullable(),
});
export type PmtuEstimate = z.infer<typeof pmtuEstimate>;

export const direction = z.enum(["inbound", "outbound", "both"]);
export type Direction = z.infer<typeof direction>;

export const fix = z.object({
  where: z.enum(["linux", "windows", "windows-admin"]),
  title: z.string(),
  commands: z.array(z.string()).readonly(),
  persistent: z.boolean(),
});
export type Fix = z.infer<typeof fix>;

export const ruledOut = z.object({ cause: z.string(), because: z.string(), evidence });

export const severity = z.enum(["fault", "warning", "note"]);
export type Severity = z.infer<typeof severity>;

export const finding = z.object({
  cause: z.string(),
  severity,
  /** 0..1 */
  confidence: z.number(),
  segment: segmentKind.nullable(),
  /** The two segments between which the fault lies, when the evidence narrows it no further. */
  between: z.tuple([segmentKind, segmentKind]).nullable(),
  direction: direction.nullable(),
  summary: z.string(),
  evidence,
  ruledOut: z.array(ruledOut).readonly(),
  fixes: z.array(fix).readonly(),
});
export type Finding = z.infer<typeof finding>;

export const verdict = z.enum(["healthy", "degraded", "fault", "inconclusive"]);
export type Verdict = z.infer<typeof verdict>;

/** A cause that could not be judged here, and why. */
export const notChecked = z.object({ cause: z.string(), reason: z.string() });
export type NotChecked = z.infer<typeof notChecked>;

/** Everything that follows from a Path. */
export interface Diagnosis {
  readonly verdict: Verdict;
  /** Why it is inconclusive, or what a healthy verdict rests on; one sentence. */
  readonly reason: string;
  readonly chain: readonly Segment[];
  readonly stages: readonly Stage[];
  readonly pmtu: { readonly outbound: PmtuEstimate; readonly inbound: PmtuEstimate };
  /** The root cause first. */
  readonly findings: readonly Finding[];
  readonly notChecked: readonly NotChecked[];
}
