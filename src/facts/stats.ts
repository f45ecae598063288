// Figures over a whole run.

import type { Path } from "../model/path.ts";
import { lastInfo } from "./connection/attempt.ts";

/** Packets that left this machine: probes, DNS queries, TCP segments where the kernel counts them. */
export function packetsSent(path: Path): number {
  const probes = [...path.probes, ...path.flowProbes, ...path.controls].filter(
    (probe) => probe.outcome.kind !== "send-failed",
  ).length;
  const questions = [...path.dns, ...path.dnsChecks, ...path.dnsRaces];
  const dns = questions.reduce((sum, { sent }) => sum + sent, 0);
  const quic = path.quic.reduce((sum, { sent }) => sum + sent, 0);
  const tcp = path.attempts.reduce((sum, attempt) => sum + (lastInfo(attempt)?.segsOut ?? 1), 0);
  return probes + dns + path.hopNames.length + quic + tcp;
}
