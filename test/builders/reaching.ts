// Targets that cannot be had, on plain Linux: runs, and what routers and the target answer.

import { diagnosisOf as diagnose } from "../../src/report/diagnosis.ts";
import type { ProbeOutcome, ProbeSent } from "../../src/schema/events/probe.ts";
import { ON_HOST, pathOf, resolverConfig, TARGET, targetAddresses, vantage } from "./events.ts";
import { NO_REPLY, probeSent } from "./probes.ts";
import { ROUTERS, type RunOptions, run } from "./runs.ts";

export const LITERAL = [resolverConfig([]), targetAddresses(TARGET, "literal", null)];
export const linux = { vantage: vantage("linux"), guest: ON_HOST, names: LITERAL };
export const diagnosed = (options: RunOptions) =>
  diagnose(pathOf(...run({ ...linux, ...options })));
export const causes = (options: RunOptions) =>
  diagnosed(options).findings.map(({ cause, severity }) => `${cause} ${severity}`);
export const says = (from: string, code: number, rttMs = 4, type = 3): ProbeOutcome => ({
  kind: "unreachable",
  from,
  type,
  code,
  rttMs,
  replyTtl: 62,
});
export const syn = (outcome: ProbeOutcome, more: Partial<ProbeSent> = {}) =>
  probeSent(outcome, { protocol: "tcp", sizeBytes: 60, ...more });
export const RESET: ProbeOutcome = {
  kind: "reply",
  from: TARGET,
  with: "reset",
  rttMs: 4,
  replyTtl: null,
};
export const SYN_ACK: ProbeOutcome = { ...RESET, with: "syn-ack" };
export const [FIRST = "", SECOND = "", THIRD = ""]: readonly string[] = ROUTERS.map(String);
export const silence = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => probeSent(NO_REPLY, { ttl: from + n }));
