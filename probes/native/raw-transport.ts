// Probes as raw packets to one target, and every answer that is about one of them.

import { messageOf } from "../../src/errors.ts";
import type { Family } from "../../src/schema/events/common.ts";
import { decodeIcmpError, icmpOutcome } from "../packet/icmp.ts";
import { decodeIp } from "../packet/ip.ts";
import { encodeIpv4 } from "../packet/ipv4.ts";
import { encodeIpv6 } from "../packet/ipv6.ts";
import { type MarkOf, unmarked } from "./mark.ts";
import { originalDatagramOf, originalProbe, type SentProbe } from "./raw-original.ts";
import type { PortChoice } from "./raw-port-choice.ts";
import { openRawPorts, type Reception } from "./raw-ports.ts";
import { acknowledgements, type RawFlow, type RawProtocol } from "./raw-probes.ts";
import type { RawSockets } from "./raw-socket.ts";
import { type Answer, ONE_SYN_MS, type Outgoing, type Transport } from "./transport.ts";

export interface RawTransportOptions {
  /** As the socket's address wants it: with its zone. */
  readonly address: string;
  /** Milliseconds, never going back. */
  now(): number;
  /** Binds what is sent to this interface. */
  readonly device?: string;
  /** What each packet is marked with, by its number. */
  readonly markOf?: MarkOf;
  /** Source ports; released with the transport. */
  readonly from: PortChoice;
}

const IP_HEADER: Readonly<Record<Family, number>> = { 4: 20, 6: 40 };
const LOW16 = 0xffff;

interface Timed extends SentProbe {
  /** Null until it has left. */
  leftMs: number | null;
}

/** @throws UnsupportedProbeError without CAP_NET_RAW */
export function openRawTransport(
  sockets: RawSockets,
  kind: RawProtocol,
  flow: RawFlow,
  { address, now, device, from: port, markOf = unmarked }: RawTransportOptions,
): Transport {
  const { family } = flow;
  const smallestBytes = IP_HEADER[family] + kind.smallestBytes;
  const sent = new Map<number, Timed>();
  /** Acknowledgement numbers of SYNs. */
  const acknowledged = new Map<number, number>();
  let answers: Answer[] = [];
  const rttOf = (cookie: number) => {
    const leftMs = sent.get(cookie)?.leftMs ?? null;
    return leftMs === null ? 0 : Math.max(0, now() - leftMs);
  };
  const onReply = ({ bytes, from, ttl: replyTtl }: Reception) => {
    const reply = kind.reply(flow, bytes, (number) => acknowledged.get(number));
    if (reply === undefined || sent.get(reply.cookie)?.ends.sourcePort !== reply.to) return;
    // Whoever echoes may do so from another address; ports belong to the target's own.
    if (kind.protocol !== "icmp" && from !== flow.destination) return;
    const isAck = reply.with === "ack";
    // It is about an earlier SYN of that port, and what made the target send it is the newest one.
    const cookie = isAck ? newestFrom(reply.to, sent) : reply.cookie;
    if (cookie === undefined || (isAck && cookie === reply.cookie)) return;
    if (kind.protocol === "tcp" && rttOf(cookie) > ONE_SYN_MS) return;
    port.answered();
    const reported = { from, with: reply.with, rttMs: rttOf(cookie), replyTtl };
    answers.push({ cookie, outcome: { kind: "reply", ...reported }, labels: [], quote: null });
  };
  const onIcmp = (replied: Reception) => {
    const error = decodeIcmpError(family, replied.bytes);
    if (error === undefined) {
      if (kind.protocol === "icmp") onReply(replied);
      return;
    }
    const isOurs =
      error.quoted.protocol === kind.number[family] && error.quoted.fragmentOffset === 0;
    const endpoints = isOurs ? kind.quoted(flow, error.quoted) : undefined;
    const probe = endpoints && originalProbe(flow, error, endpoints, sent);
    if (endpoints === undefined || probe === undefined) return;
    const { type, code, mtu, labels } = error;
    const { cookie } = probe;
    const { from, ttl: replyTtl } = replied;
    const reported = { type, code, mtu, from, replyTtl, rttMs: rttOf(cookie) };
    const original = originalDatagramOf(error, endpoints, probe);
    answers.push({ cookie, outcome: icmpOutcome(family, reported), labels, quote: original });
  };
  const refused = (cookie: number, error: string) => {
    answers.push({ cookie, outcome: { kind: "send-failed", error }, labels: [], quote: null });
  };
  const replies = kind.protocol === "icmp" ? null : kind.number[family];
  const ports = openRawPorts(sockets, { family, device }, replies, {
    icmp: onIcmp,
    reply: onReply,
  });
  return {
    protocol: kind.protocol,
    smallestBytes,
    // net/ipv6/icmp.c, icmpv6_err: the kernel caches a PMTU for every original datagram of ICMPv6, whoever sent it.
    cachesAbove: family === 6 && kind.protocol === "icmp" ? smallestBytes : null,
    localPort: port.current,
    send: (probe) => {
      const failure = ports.failure();
      if (failure !== null) return failure;
      const sizeBytes = Math.max(smallestBytes, probe.sizeBytes);
      const from = portFor(port, probe.ttl);
      if (typeof from === "string") return from;
      const packet = packetOf(kind, flow, from, { ...probe, sizeBytes });
      const { cookie } = probe;
      const timed = remember(kind, flow, cookie, packet);
      if (timed === undefined) return "EINVAL";
      sent.set(cookie, timed);
      if (kind.protocol === "tcp") {
        const numbers = acknowledgements(cookie, sizeBytes - smallestBytes);
        for (const number of numbers) acknowledged.set(number, cookie);
      }
      ports.send(packet, address, {
        mark: markOf(cookie),
        left: () => {
          timed.leftMs = now();
        },
        refused: (error) => refused(cookie, error),
      });
      return null;
    },
    drain: () => {
      const arrived = answers;
      answers = [];
      return arrived;
    },
    close: () => {
      ports.close();
      port.release();
    },
  };
}

function newestFrom(port: number, sent: ReadonlyMap<number, SentProbe>): number | undefined {
  return [...sent.values()].filter(({ ends: endpoints }) => endpoints.sourcePort === port).at(-1)
    ?.cookie;
}

/** Or why there is none. */
function portFor(port: PortChoice, ttl: number): number | string {
  try {
    return port.next(ttl);
  } catch (error) {
    return messageOf(error);
  }
}

function packetOf(kind: RawProtocol, flow: RawFlow, from: number, probe: Outgoing): Buffer {
  const { source, destination, family } = flow;
  const { ttl, cookie, sizeBytes } = probe;
  const segment = kind.encode(flow, from, cookie, sizeBytes - IP_HEADER[family]);
  const fields = { source, destination, ttl, protocol: kind.number[family] };
  if (family === 6) return encodeIpv6(fields, segment);
  // Recognised by it where a router returns 8 bytes; without fragments it is free (RFC 6864).
  return encodeIpv4({ ...fields, id: cookie & LOW16 }, segment);
}

/** The probe as its original datagram would be if nothing rewrote it. */
function remember(
  kind: RawProtocol,
  flow: RawFlow,
  cookie: number,
  packet: Buffer,
): Timed | undefined {
  const header = decodeIp(packet);
  const endpoints = header && kind.quoted(flow, header);
  return endpoints && { cookie, header, ends: endpoints, leftMs: null };
}
