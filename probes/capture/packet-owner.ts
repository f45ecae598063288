// Whose packet it is that the kernel showed: one of this run, by its port, its echo identifier or its cookie, or somebody else's.

import type { NameQuestion, PacketOwner } from "../../src/captured-packet.ts";
import { readCookie } from "../packet/cookie.ts";
import { decodeEcho, decodeIcmpError, ECHO_REPLY } from "../packet/icmp.ts";
import { PROTOCOL } from "../packet/ip.ts";
import type { IpPacket } from "../packet/ip-packet.ts";
import { decodeOriginalTcp } from "../packet/tcp.ts";
import { decodeUdp } from "../packet/udp.ts";
import { DNS_PORT, questionOf } from "./dns-messages.ts";
import type { OwnFlows } from "./own-flows.ts";

export interface OwnerInput {
  readonly flows: Pick<OwnFlows, "find">;
  /** The upper half of this run's cookies. */
  readonly session: number;
}

type Found = Omit<PacketOwner, "events">;

/**
 * @returns null for packets that are none of this run's
 */
export function ownerOf(packet: IpPacket, atNs: bigint, input: OwnerInput): PacketOwner | null {
  const found = isIcmp(packet) ? ofIcmp(packet, atNs, input) : ofPorts(packet, atNs, input);
  return found === null ? null : { events: [], ...found };
}

function isIcmp({ family, protocol }: IpPacket): boolean {
  return protocol === (family === 4 ? PROTOCOL.icmp : PROTOCOL.icmpv6);
}

function ofIcmp(packet: IpPacket, atNs: bigint, input: OwnerInput): Found | null {
  const { family, payload, protocol } = packet;
  const echo = decodeEcho(family, payload);
  if (echo !== undefined) {
    const cookie = ownCookie(readCookie(echo.payload), input);
    const flow = input.flows.find(protocol, echo.id, atNs);
    if (cookie === null && flow === undefined) return null;
    return { answer: echo.type === ECHO_REPLY[family], cookie, mark: flow?.mark ?? null };
  }
  const error = decodeIcmpError(family, payload);
  if (error === undefined) return null;
  // What it is about was sent from here.
  const original = isIcmp(error.quoted)
    ? ofIcmp(error.quoted, atNs, input)
    : ofPorts(error.quoted, atNs, input);
  return original === null ? null : { ...original, answer: true };
}

function ofPorts(packet: IpPacket, atNs: bigint, input: OwnerInput): Found | null {
  const { protocol, payload } = packet;
  const ports = portsOf(packet);
  if (ports === null) return null;
  const isSource = input.flows.find(protocol, ports.source, atNs);
  const isDestination = input.flows.find(protocol, ports.destination, atNs);
  const flow = isSource ?? isDestination;
  const cookie = ownCookie(
    protocol === PROTOCOL.tcp ? ports.sequence : readCookie(payload.subarray(UDP_BYTES)),
    input,
  );
  if (flow === undefined && cookie === null) return null;
  const question = questionIn(packet, ports);
  return {
    answer: isSource === undefined && isDestination !== undefined,
    cookie,
    mark: flow?.mark ?? null,
    ...(question === null ? {} : { question }),
  };
}

/** The server is the end with its port. */
function questionIn(packet: IpPacket, { source, destination }: Ports): NameQuestion | null {
  if (packet.protocol !== PROTOCOL.udp || ![source, destination].includes(DNS_PORT)) return null;
  const question = questionOf(packet.payload.subarray(UDP_BYTES));
  if (question === null) return null;
  const server = destination === DNS_PORT ? packet.destination : packet.source;
  return { server, name: question.name, type: question.type };
}

const UDP_BYTES = 8;

interface Ports {
  readonly source: number;
  readonly destination: number;
  readonly sequence?: number;
}

function portsOf({ protocol, payload, fragmentOffset }: IpPacket): Ports | null {
  if (fragmentOffset > 0) return null;
  if (protocol === PROTOCOL.udp) {
    const datagram = decodeUdp(payload);
    if (datagram === undefined) return null;
    return { source: datagram.sourcePort, destination: datagram.destinationPort };
  }
  const segment = protocol === PROTOCOL.tcp ? decodeOriginalTcp(payload) : undefined;
  if (segment === undefined) return null;
  const { sourcePort: source, destinationPort: destination, sequence } = segment;
  return { source, destination, sequence };
}

function ownCookie(cookie: number | undefined, { session }: OwnerInput): number | null {
  return cookie !== undefined && cookie >>> 16 === session ? cookie : null;
}
