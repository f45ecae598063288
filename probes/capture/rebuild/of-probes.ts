// Single-packet probes and their answers, at each place where this kernel saw them, else at the interface of the route.

import type { ProbeEvent } from "../../../src/schema/event.ts";
import type { KernelProbe } from "../../../src/schema/events/kernel.ts";
import type { ProbeSent } from "../../../src/schema/events/probe.ts";
import { UDP_PORT } from "../../native/outbound-sockets.ts";
import { checksum } from "../../packet/checksum.ts";
import { COOKIE_BYTES, writeCookie } from "../../packet/cookie.ts";
import { encodeEcho, ICMP_HEADER } from "../../packet/icmp.ts";
import { PROTOCOL } from "../../packet/ip.ts";
import { encodeTcp, synOptions, TCP_FLAG } from "../../packet/tcp.ts";
import { encodeUdp, UDP_HEADER } from "../../packet/udp.ts";
import { answered, answerTo } from "./answer.ts";
import type { Endpoints, LocalEnd } from "./endpoints.ts";
import { type Ends, ipPacket, type Made, UNKNOWN_PORT } from "./made-packet.ts";

type Probe = ProbeSent & { readonly id: string };
type Sighting = KernelProbe["seen"][number];

export function probePackets(
  events: readonly ProbeEvent[],
  endpoints: Endpoints,
  targetPort: number,
): readonly Made[] {
  const seen = sightings(events);
  const probes = events.filter((event) => event.kind === "probe");
  const late = new Map(
    events.flatMap((event) =>
      event.kind === "late-reply" ? [[event.cookie, event] as const] : [],
    ),
  );
  return probes.flatMap((probe) => {
    const local = endpoints(probe.address);
    if (local === undefined) return [];
    const places = seen.get(probe.cookie) ?? [];
    // What the kernel refused to send was a packet nowhere, unless a place has seen it.
    if (probe.outcome.kind === "send-failed" && places.length === 0) return [];
    const ends = { family: local.family, source: local.source, destination: bare(probe.address) };
    const sent = probePacket(probe, { ...local, ...ends }, targetPort);
    const came =
      answered(probe.outcome) ?? answered(late.get(probe.cookie)?.outcome ?? probe.outcome);
    const requests = placed(probe, places, local, sent);
    if (came === null) return requests;
    const bytes = answerTo(sent, ends, came, probe.quote);
    const arrived = probe.sentAtMs + came.rttMs;
    return [...requests, ...placed(probe, places, local, bytes, arrived)];
  });
}

function bare(address: string): string {
  return address.replace(/%.*$/, "");
}

function sightings(events: readonly ProbeEvent[]): ReadonlyMap<number, readonly Sighting[]> {
  return new Map(
    events.flatMap((event) =>
      event.kind === "kernel-probe" && event.of.by === "cookie"
        ? [[event.of.cookie, event.seen] as const]
        : [],
    ),
  );
}

/** @param answeredAtMs of what came back; without, it is what was sent */
function placed(
  probe: Probe,
  seen: readonly Sighting[],
  local: LocalEnd,
  bytes: Buffer,
  answeredAtMs?: number,
): readonly Made[] {
  const answer = answeredAtMs !== undefined;
  const made = { event: probe.id, answer };
  const passed = seen.filter(
    (one) => one.answer === answer && (one.stage === "device" || one.stage === "received"),
  );
  if (passed.length === 0) {
    const direction = answer ? "inbound" : "outbound";
    return [
      { ...made, bytes, atMs: answeredAtMs ?? probe.sentAtMs, place: local.interface, direction },
    ];
  }
  return passed.map((one) => ({
    ...made,
    bytes: withTtl(bytes, one.ttl),
    atMs: one.atMs,
    place: placeOf(one),
    direction: one.stage === "device" ? "outbound" : "inbound",
  }));
}

function placeOf({ interface: name, namespace }: Sighting): string {
  const known = name ?? "any";
  return namespace.own === false ? `${known} in ${namespace.name ?? "another namespace"}` : known;
}

/** As it was there: routers count it down. */
function withTtl(bytes: Buffer, ttl: number): Buffer {
  const changed = Buffer.from(bytes);
  const isV4 = bytes.readUInt8(0) >> 4 === 4;
  if (!isV4) {
    changed.writeUInt8(ttl, 7);
    return changed;
  }
  changed.writeUInt8(ttl, 8);
  changed.writeUInt16BE(0, 10);
  changed.writeUInt16BE(checksum(changed.subarray(0, 20)), 10);
  return changed;
}

function probePacket(probe: Probe, ends: Ends & LocalEnd, targetPort: number): Buffer {
  const { protocol, ttl, cookie, sizeBytes, quote } = probe;
  const room = sizeBytes - (ends.family === 4 ? 20 : 40);
  const source = probe.sourcePort ?? quote?.sourcePort ?? UNKNOWN_PORT + probe.flow;
  if (protocol === "udp") {
    const ports = { source, destination: quote?.destinationPort ?? UDP_PORT };
    const data = encodeUdp(ends, ports, marked(cookie, room - UDP_HEADER));
    return ipPacket(ends, { ttl, protocol: PROTOCOL.udp }, data);
  }
  if (protocol === "icmp") {
    const echo = { id: UNKNOWN_PORT + probe.flow, sequence: cookie & 0xffff };
    const number = ends.family === 4 ? PROTOCOL.icmp : PROTOCOL.icmpv6;
    const data = encodeEcho(ends.family, ends, echo, marked(cookie, room - ICMP_HEADER));
    return ipPacket(ends, { ttl, protocol: number }, data);
  }
  const fields = {
    sourcePort: source,
    destinationPort: probe.port ?? quote?.destinationPort ?? targetPort,
    sequence: cookie,
    acknowledgement: 0,
    flags: TCP_FLAG.syn,
    window: WINDOW,
  };
  const options = room < SYN_BYTES ? Buffer.alloc(0) : synOptions(mssOf(ends, quote?.mss), 0);
  const data = Buffer.alloc(Math.max(0, room - SYN_BYTES));
  return ipPacket(ends, { ttl, protocol: PROTOCOL.tcp }, encodeTcp(ends, fields, options, data));
}

/** TCP's header with the options of a SYN. */
const SYN_BYTES = 40;
/** What Linux offers at first. */
const WINDOW = 64_240;
const ETHERNET_MTU = 1500;

/** What a SYN offers: by the link, where nothing shows it. */
export function mssOf({ family, mtu }: LocalEnd, mss: number | null | undefined): number {
  return mss ?? (mtu ?? ETHERNET_MTU) - (family === 4 ? 40 : 60);
}

function marked(cookie: number, bytes: number): Buffer {
  const payload = Buffer.alloc(Math.max(COOKIE_BYTES, bytes));
  writeCookie(payload, cookie);
  return payload;
}
