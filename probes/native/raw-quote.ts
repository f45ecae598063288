// Which of our probes an ICMP error quotes, and what of it came back other than it was sent.

import type { Quote, Rewritten } from "../../src/model/events/probe.ts";
import type { IcmpError } from "../packet/icmp.ts";
import type { IpPacket } from "../packet/ip.ts";
import type { QuotedEnds, RawFlow } from "./raw-probes.ts";

/** A probe as it left. */
export interface SentProbe {
  readonly cookie: number;
  readonly header: Omit<IpPacket, "payload">;
  readonly ends: QuotedEnds;
}

/**
 *  1. The mark is quoted: it must be one that was sent, and of target, source port (or identifier) and
 *     destination port no more than one may have been rewritten, as by a NAT.
 *  2. The quote is too short for it: every end must be ours, and a number in the first 8 bytes or the
 *     IP header's identification must be that of one probe alone.
 */
export function quotedProbe(
  flow: RawFlow,
  error: IcmpError,
  ends: QuotedEnds,
  sent: ReadonlyMap<number, SentProbe>,
): SentProbe | undefined {
  const { quoted } = error;
  /** Which of its ends came back as they were sent. */
  const kept = ({ ends: own }: SentProbe) => [
    quoted.destination === flow.destination,
    ends.sourcePort === own.sourcePort,
    ...(ends.destinationPort === null ? [] : [ends.destinationPort === own.destinationPort]),
  ];
  if (ends.cookie !== undefined) {
    const probe = sent.get(ends.cookie);
    const lost = probe === undefined ? [] : kept(probe).filter((end) => !end);
    return lost.length <= 1 ? probe : undefined;
  }
  const likely = [...sent.values()].filter(
    (probe) => kept(probe).every((end) => end) && (hasMark(probe, ends) || isId(probe, quoted.id)),
  );
  return likely.length === 1 ? likely[0] : undefined;
}

const LOW16 = 0xffff;

function hasMark({ cookie, ends }: SentProbe, { mark }: QuotedEnds): boolean {
  if (mark === null) return false;
  return "low16" in mark ? (cookie & LOW16) === mark.low16 : ends.checksum === mark.checksum;
}

function isId({ header: { id } }: SentProbe, quoted: number | null): boolean {
  return id !== null && id !== 0 && id === quoted;
}

export function quoteOf(error: IcmpError, ends: QuotedEnds, sent: SentProbe): Quote {
  const { source, destination, ttl, trafficClass, totalBytes: sizeBytes } = error.quoted;
  const isEcho = ends.destinationPort === null;
  return {
    ...{ source, destination, ttl, trafficClass, sizeBytes },
    sourcePort: isEcho ? null : ends.sourcePort,
    destinationPort: ends.destinationPort,
    mss: ends.mss,
    quotedBytes: error.quotedBytes,
    rewritten: rewrites(error.quoted, ends, sent),
  };
}

function rewrites(quoted: IpPacket, ends: QuotedEnds, sent: SentProbe): readonly Rewritten[] {
  const { header, ends: own } = sent;
  const port = own.destinationPort === null ? "echo-id" : "source-port";
  const pairs: readonly Pair[] = [
    ["source", header.source, quoted.source],
    ["destination", header.destination, quoted.destination],
    [port, own.sourcePort, ends.sourcePort],
    ["destination-port", own.destinationPort, ends.destinationPort],
    ["traffic-class", header.trafficClass, quoted.trafficClass],
    ["dont-fragment", Number(header.dontFragment), Number(quoted.dontFragment)],
    ["size", header.totalBytes, quoted.totalBytes],
    ["mss", own.mss, ends.mss],
    ["tcp-options", own.optionKinds, ends.optionKinds],
    ["checksum", own.checksum, ends.checksum],
  ];
  return pairs.flatMap(([field, was, is]) =>
    was === null || is === null || was === is ? [] : [{ field, sent: was, quoted: is }],
  );
}

type Value = string | number | null;
type Pair = readonly [Rewritten["field"], sent: Value, quoted: Value];
