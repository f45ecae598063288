// Whether fragments get through: datagrams that this machine sent in pieces, and echo replies that came in pieces.

import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { ControlProbe } from "../../schema/events/host-probe.ts";
import type { Protocol } from "../../schema/events/probe.ts";
import type { FragmentsReport } from "../../schema/hop-mtu.ts";
import { isFromTarget, tracedAddress } from "../connection/subject.ts";
import { SILENCES } from "../loss/thresholds.ts";
import { isTrusted, spoofedEcho } from "../reach/echo-spoofing.ts";

type Probe = Seen<ControlProbe>;
type Word = FragmentsReport["outbound"];

/**
 *  1. An answer to a datagram in fragments: all of them got there.
 *  2. An echo reply larger than the link to us came in fragments: they got here as well.
 *  3. Silence counts as in sweeps of sizes: several times, with an answered small control after each.
 *  4. Silence of echoes says nothing about one direction: the request, the reply or the target's own limit.
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
    inbound: echo.word === "delivered" ? DELIVERED(echo.evidence) : inboundUnknown(path, echo),
  };
}

interface Verdict {
  readonly word: "delivered" | "silent" | "unheard" | "untried";
  readonly evidence: readonly string[];
}

const DELIVERED = (evidence: readonly string[]): Word => ({
  status: "delivered",
  reason: null,
  evidence,
});

function outboundOf(path: Path, udp: Verdict, echo: Verdict): Word {
  const passed = [udp, echo].find(({ word }) => word === "delivered");
  if (passed !== undefined) return DELIVERED(passed.evidence);
  if (udp.word === "silent") return { status: "lost", reason: null, evidence: udp.evidence };
  const reason = skippedWhy(path, "udp") ?? "the target answers no UDP probe of this kind";
  return { status: "unknown", reason, evidence: [] };
}

function inboundUnknown(path: Path, { word, evidence }: Verdict): Word {
  const spoofed = spoofedEcho(path);
  if (spoofed !== null) {
    const why = `${spoofed.address}, which nobody has, answered an echo request too`;
    return { status: "unknown", reason: why, evidence: [spoofed.id] };
  }
  const reason =
    word === "silent"
      ? "echo requests in fragments got no answer, and that may be the request or the reply"
      : (skippedWhy(path, "icmp") ?? "the target answers no echo request");
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
  if (passed.length > 0) return { word: "delivered", evidence: idsOf(passed) };
  const silent = probes.filter((probe, n) => {
    const next = probes[n + 1];
    const isSilent = probe.purpose === "size" && probe.outcome.kind === "no-reply";
    return isSilent && next !== undefined && next.purpose === "control" && isAnswer(next);
  });
  if (silent.length >= SILENCES) return { word: "silent", evidence: idsOf(silent) };
  return { word: probes.length === 0 ? "untried" : "unheard", evidence: [] };
}

function idsOf(probes: readonly Probe[]): readonly string[] {
  return probes.map(({ id }) => id);
}
