// Queries to name servers over UDP and their answers, with the records that the events name.

import { encode, RECURSION_AVAILABLE, RECURSION_DESIRED, TRUNCATED_RESPONSE } from "dns-packet";
import type { ProbeEvent } from "../../../src/schema/event.ts";
import type { DnsCheck } from "../../../src/schema/events/dns.ts";
import type { DnsReply } from "../../../src/schema/events/dns-replies.ts";
import { encodeQuery, RCODES } from "../../dns/message.ts";
import { familyOf } from "../../native/sockaddr.ts";
import { PROTOCOL } from "../../packet/ip.ts";
import { encodeUdp } from "../../packet/udp.ts";
import type { Endpoints } from "./endpoints.ts";
import { type Ends, ipPacket, type Made, turned, UNKNOWN_PORT, USUAL_TTL } from "./made-packet.ts";

const DNS_PORT = 53;

type Asked = (DnsReply | DnsCheck) & { readonly id: string; readonly atMs: number };

export function namePackets(events: readonly ProbeEvent[], endpoints: Endpoints): readonly Made[] {
  return events
    .filter((event) => event.kind === "dns-reply" || event.kind === "dns-check")
    .filter(({ transport }) => transport === "udp")
    .flatMap((event, n) => exchange(event, n + 1, endpoints));
}

/** @param number of the query, which stands for its identifier and counts its port */
function exchange(event: Asked, number: number, endpoints: Endpoints): readonly Made[] {
  const local = endpoints(event.server);
  const messages = messagesOf(event, number);
  if (local === undefined || messages === null) return [];
  const { family, source, interface: place } = local;
  const ends = { family, source, destination: event.server.replace(/%.*$/, "") };
  const { outcome } = event;
  const tookMs = event.rttMs ?? (outcome.kind === "no-reply" ? outcome.waitedMs : 0);
  const sent: Made = {
    event: event.id,
    answer: false,
    place,
    direction: "outbound",
    atMs: event.atMs - tookMs,
    bytes: datagram(ends, { source: UNKNOWN_PORT + number, destination: DNS_PORT }, messages.query),
  };
  if (messages.answer === null) return [sent];
  const bytes = datagram(
    turned(ends),
    { source: DNS_PORT, destination: UNKNOWN_PORT + number },
    messages.answer,
  );
  return [sent, { ...sent, answer: true, direction: "inbound", atMs: event.atMs, bytes }];
}

function datagram(
  ends: Ends,
  ports: { readonly source: number; readonly destination: number },
  message: Buffer,
): Buffer {
  const protocol = { ttl: USUAL_TTL, protocol: PROTOCOL.udp };
  return ipPacket(ends, protocol, encodeUdp(ends, ports, message));
}

/** Null for a name that no message can hold. */
function messagesOf(event: Asked, id: number): { query: Buffer; answer: Buffer | null } | null {
  const ednsBytes = event.kind === "dns-check" ? event.ednsBytes : null;
  try {
    return { query: encodeQuery(event, id, ednsBytes), answer: answerOf(event, id) };
  } catch {
    return null;
  }
}

function answerOf({ outcome, name, type }: Asked, id: number): Buffer | null {
  if (outcome.kind !== "answer") return null;
  const rcode = RCODES.indexOf(outcome.rcode);
  const cut = outcome.truncated ? TRUNCATED_RESPONSE : 0;
  const answers = outcome.addresses.flatMap((data) => {
    const family = familyOf(data);
    if (family === undefined) return [];
    return [{ type: family === 4 ? ("A" as const) : ("AAAA" as const), name, ttl: 0, data }];
  });
  return encode({
    type: "response",
    id,
    flags: RECURSION_DESIRED | RECURSION_AVAILABLE | cut | Math.max(0, rcode),
    questions: [{ type, name }],
    answers,
  });
}
