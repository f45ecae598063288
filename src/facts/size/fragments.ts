// Whether fragments get through: datagrams that this machine sent in pieces, and echo replies that came in pieces.

import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import { NO_ECHO } from "../../schema/constants.ts";
import type { ControlProbe } from "../../schema/events/host-probe.ts";
import type { Protocol } from "../../schema/events/probe.ts";
import type { FragmentsReport } from "../../schema/hop-mtu.ts";
import { isFromTarget, tracedAddress } from "../connection/subject.ts";
import { SILENCES } from "../loss/thresholds.ts";
import { isTrusted, spoofedEcho } from "../reach/echo-spoofing.ts";
import { echoOfNobody } from "../reasons.ts";

type Probe = Seen<ControlProbe>;
type Direction = FragmentsReport["outbound"];

/**
 *  1. An answer to a datagram in fragments: all of them got there.
 *  2. An echo reply larger than the link to us came in fragments: they got here as well.
 *  3. Silence counts as in sweeps of sizes: several times, with an answered small control after each.
 *  4. Silence of echoes is no evidence about one direction: the request, the reply or the target's own limit.
 */
export function fragmentFacts(path: Path): FragmentsReport {
  const address = tracedAddress(path);
  const probes = path.controls.filter(
    (probe) => probe.about === "fragments" && probe.address === address,
  );
  const udp = verdictOf(path, probes, "udp");
  const echo = verdictOf(path, probes, "icmp");
  return {
    outbound: outboundOf(path, udp, echo),
    inbound: echo.result === "delivered" ? DELIVERED(echo.evidence) : inboundUnknown(path, echo),
  };
}

interface Verdict {
  readonly result: "delivered" | "silent" | "unanswered" | "not-sent";
  readonly evidence: readonly string[];
}

const DELIVERED = (evidence: readonly string[]): Direction => ({
  status: "delivered",
  reason: null,
  evidence,
});

function outboundOf(path: Path, udp: Verdict, echo: Verdict): Direction {
  const passed = [udp, echo].find(({ result }) => result === "delivered");
  if (passed !== undefined) return DELIVERED(passed.evidence);
  if (udp.result === "silent") return { status: "lost", reason: null, evidence: udp.evidence };
  const reason = skippedWhy(path, "udp") ?? "the target answers no UDP probe of this kind";
  return { status: "unknown", reason, evidence: [] };
}

function inboundUnknown(path: Path, { result, evidence }: Verdict): Direction {
  const spoofed = spoofedEcho(path);
  if (spoofed !== null) {
    const why = echoOfNobody(spoofed.address);
    return { status: "unknown", reason: why, evidence: [spoofed.id] };
  }
  const reason =
    result === "silent"
      ? "echo requests in fragments got no answer, and that may be the request or the reply"
      : (skippedWhy(path, "icmp") ?? NO_ECHO);
  return { status: "unknown", reason, evidence };
}

function skippedWhy({ skipped }: Path, protocol: Protocol): string | null {
  return skipped.find(({ probe }) => probe === `${protocol}-fragments`)?.reason ?? null;
}

function verdictOf(path: Path, all: readonly Probe[], protocol: Protocol): Verdict {
  const probes = all.filter((probe) => probe.protocol === protocol);
  const isAnswer = ({ outcome, address }: Probe) =>
    isFromTarget(outcome, address) && isTrusted(path, outcome);
  const passed = probes.filter((probe) => probe.purpose === "size" && isAnswer(probe));
  if (passed.length > 0) return { result: "delivered", evidence: idsOf(passed) };
  const silent = probes.filter((probe, n) => {
    const next = probes[n + 1];
    const isSilent = probe.purpose === "size" && probe.outcome.kind === "no-reply";
    return isSilent && next !== undefined && next.purpose === "control" && isAnswer(next);
  });
  if (silent.length >= SILENCES) return { result: "silent", evidence: idsOf(silent) };
  return { result: probes.length === 0 ? "not-sent" : "unanswered", evidence: [] };
}

function idsOf(probes: readonly Probe[]): readonly string[] {
  return probes.map(({ id }) => id);
}
