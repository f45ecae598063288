// Which of our probes is the original datagram of an ICMP error, and which of its fields were rewritten.

import type { OriginalDatagram, Rewritten } from "../../src/schema/events/probe.ts";
import type { IcmpError } from "../packet/icmp.ts";
import type { IpPacket } from "../packet/ip-packet.ts";
import type { OriginalEndpoints, RawFlow } from "./raw-probes.ts";

/** A probe as it left. */
export interface SentProbe {
  readonly cookie: number;
  readonly header: Omit<IpPacket, "payload">;
  readonly ends: OriginalEndpoints;
}

/**
 *  1. The cookie is in it: it must be one that was sent, and of target, source port (or identifier) and
 *     destination port no more than one may have been rewritten, as by a NAT.
 *  2. The original datagram is too short for it: both endpoints must be ours, and a number in the first 8 bytes or the
 *     IP header's identification must be that of one probe alone.
 */
export function originalProbe(
  flow: RawFlow,
  error: IcmpError,
  endpoints: OriginalEndpoints,
  sent: ReadonlyMap<number, SentProbe>,
): SentProbe | undefined {
  const { quoted: original } = error;
  /** Which of its ends came back as they were sent. */
  const kept = ({ ends: own }: SentProbe) => [
    original.destination === flow.destination,
    endpoints.sourcePort === own.sourcePort,
    ...(endpoints.destinationPort === null
      ? []
      : [endpoints.destinationPort === own.destinationPort]),
  ];
  if (endpoints.cookie !== undefined) {
    const probe = sent.get(endpoints.cookie);
    const lost = probe === undefined ? [] : kept(probe).filter((end) => !end);
    return lost.length <= 1 ? probe : undefined;
  }
  const likely = [...sent.values()].filter(
    (probe) =>
      kept(probe).every((end) => end) && (hasMark(probe, endpoints) || isId(probe, original.id)),
  );
  return likely.length === 1 ? likely[0] : undefined;
}

const LOW16 = 0xffff;

function hasMark({ cookie, ends: endpoints }: SentProbe, { mark }: OriginalEndpoints): boolean {
  if (mark === null) return false;
  return "low16" in mark ? (cookie & LOW16) === mark.low16 : endpoints.checksum === mark.checksum;
}

function isId({ header: { id } }: SentProbe, original: number | null): boolean {
  return id !== null && id !== 0 && id === original;
}

export function originalDatagramOf(
  error: IcmpError,
  endpoints: OriginalEndpoints,
  sent: SentProbe,
): OriginalDatagram {
  const { source, destination, ttl, trafficClass, totalBytes: sizeBytes } = error.quoted;
  const isEcho = endpoints.destinationPort === null;
  return {
    source,
    destination,
    ttl,
    trafficClass,
    sizeBytes,
    sourcePort: isEcho ? null : endpoints.sourcePort,
    destinationPort: endpoints.destinationPort,
    mss: endpoints.mss,
    quotedBytes: error.quotedBytes,
    rewritten: rewrites(error.quoted, endpoints, sent),
  };
}

function rewrites(
  original: IpPacket,
  endpoints: OriginalEndpoints,
  sent: SentProbe,
): readonly Rewritten[] {
  const { header, ends: own } = sent;
  const port = own.destinationPort === null ? "echo-id" : "source-port";
  const pairs: readonly Pair[] = [
    ["source", header.source, original.source],
    ["destination", header.destination, original.destination],
    [port, own.sourcePort, endpoints.sourcePort],
    ["destination-port", own.destinationPort, endpoints.destinationPort],
    ["traffic-class", header.trafficClass, original.trafficClass],
    ["dont-fragment", Number(header.dontFragment), Number(original.dontFragment)],
    ["size", header.totalBytes, original.totalBytes],
    ["mss", own.mss, endpoints.mss],
    ["tcp-options", own.optionKinds, endpoints.optionKinds],
    ["checksum", own.checksum, endpoints.checksum],
  ];
  return pairs.flatMap(([field, was, is]) =>
    was === null || is === null || was === is ? [] : [{ field, sent: was, quoted: is }],
  );
}

type Value = string | number | null;
type Pair = readonly [Rewritten["field"], sent: Value, quoted: Value];
