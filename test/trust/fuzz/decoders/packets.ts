// Headers of packets, their quotes in ICMP errors, and what the kernel hands over in structs.

import assert from "node:assert/strict";
import { readEndpoints } from "../../../../probes/kernel/endpoints.ts";
import { createDecoder, HEADERS_BYTES, RECORD_BYTES } from "../../../../probes/kernel/record.ts";
import { attributesOf } from "../../../../probes/native/netlink.ts";
import { decodeSockaddr, encodeSockaddr } from "../../../../probes/native/sockaddr.ts";
import {
  decodeNegotiated,
  decodeSegmentsIn,
  decodeTcpInfo,
} from "../../../../probes/native/tcp-info.ts";
import { readCookie } from "../../../../probes/packet/cookie.ts";
import { decodeEcho, decodeIcmpError, icmpOutcome } from "../../../../probes/packet/icmp.ts";
import { decodeIp } from "../../../../probes/packet/ip.ts";
import { encodeIpv4 } from "../../../../probes/packet/ipv4.ts";
import { encodeIpv6 } from "../../../../probes/packet/ipv6.ts";
import { readVersionNegotiation } from "../../../../probes/packet/quic.ts";
import { decodeOriginalTcp, decodeTcp, encodeTcp } from "../../../../probes/packet/tcp.ts";
import { encodeOptions } from "../../../../probes/packet/tcp-options.ts";
import { decodeUdp, encodeUdp } from "../../../../probes/packet/udp.ts";
import { askEverything } from "../../../builders/small-kernel.ts";
import type { Decoder } from "../decoder.ts";

const ENDS = { source: "192.0.2.1", destination: "198.51.100.2" };
const IDS = {
  destination: Buffer.from("0102030405060708", "hex"),
  source: Buffer.from("a1a2a3a4a5a6a7a8", "hex"),
};

/** RFC 8200 s.4, RFC 4302. */
const EXTENSIONS = [0, 43, 44, 51, 60];
/** More fits no packet. */
const MOST_BYTES = 60_000;

/** Fields of one header that this tool writes itself: an option or an extension header is not written again. */
function ipSurvives(bytes: Buffer): void {
  const packet = decodeIp(bytes);
  // A chain of extension headers that is cut off leaves one as the protocol.
  if (packet === undefined || EXTENSIONS.includes(packet.protocol)) return;
  const { family, payload, id } = packet;
  const fields = { ...packet, id: id ?? 0 };
  const again = decodeIp(family === 4 ? encodeIpv4(fields, payload) : encodeIpv6(fields, payload));
  assert(again !== undefined);
  const kept = ({ source, destination, ttl, trafficClass, protocol }: typeof again) => ({
    source,
    destination,
    ttl,
    trafficClass,
    protocol,
  });
  assert.deepEqual(kept(again), kept(packet));
}

function tcpSurvives(bytes: Buffer): void {
  const segment = decodeTcp(bytes);
  if (segment === undefined) return;
  const { mss, windowScale, sackPermitted, timestamps } = segment;
  const options = encodeOptions({ mss, windowScale, sackPermitted, timestamps });
  const again = decodeTcp(encodeTcp(ENDS, segment, options, segment.payload));
  assert(again !== undefined);
  const { checksum: _, optionKinds: _kinds, ...was } = segment;
  const { checksum: _again, optionKinds: _kindsAgain, ...is } = again;
  assert.deepEqual(is, was);
}

function udpSurvives(bytes: Buffer): void {
  const datagram = decodeUdp(bytes);
  if (datagram === undefined) return;
  const { sourcePort, destinationPort, payload } = datagram;
  const again = decodeUdp(
    encodeUdp(ENDS, { source: sourcePort, destination: destinationPort }, payload),
  );
  assert.deepEqual(
    { sourcePort, destinationPort, payload },
    {
      sourcePort: again?.sourcePort,
      destinationPort: again?.destinationPort,
      payload: again?.payload,
    },
  );
}

function quoteIn(family: 4 | 6, bytes: Buffer) {
  const error = decodeIcmpError(family, bytes);
  if (error === undefined) return undefined;
  const { payload } = error.quoted;
  assert(error.quotedBytes <= bytes.length);
  return {
    error,
    outcome: icmpOutcome(family, { ...error, from: "192.0.2.9", replyTtl: 3, rttMs: 1 }),
    inside: [
      decodeOriginalTcp(payload),
      decodeUdp(payload),
      decodeEcho(family, payload),
      readCookie(payload),
    ],
  };
}

/** What is not whole is not handed to a reader that states its size. */
const whole = (bytes: Buffer, size: number) => (bytes.length < size ? undefined : bytes);
const viewOf = (bytes: Buffer) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
const readRecord = createDecoder();

export const PACKETS: readonly Decoder[] = [
  {
    name: "ip",
    kind: "bytes",
    decode: decodeIp,
    survives: (_, bytes) => ipSurvives(bytes.subarray(0, MOST_BYTES)),
  },
  {
    name: "icmp",
    kind: "bytes",
    decode: (bytes) => decodeEcho(4, bytes) ?? decodeEcho(6, bytes) ?? quoteIn(4, bytes),
  },
  { name: "icmp-quotes", kind: "bytes", decode: (bytes) => quoteIn(4, bytes) ?? quoteIn(6, bytes) },
  {
    name: "tcp",
    kind: "bytes",
    decode: decodeTcp,
    survives: (_, bytes) => tcpSurvives(bytes.subarray(0, MOST_BYTES)),
  },
  {
    name: "udp",
    kind: "bytes",
    decode: decodeUdp,
    survives: (_, bytes) => udpSurvives(bytes.subarray(0, MOST_BYTES)),
  },
  { name: "quic", kind: "bytes", decode: (bytes) => readVersionNegotiation(bytes, IDS) },
  {
    name: "btf",
    kind: "bytes",
    decode: (bytes) => {
      askEverything(bytes);
      return true;
    },
  },
  {
    name: "kernel-record",
    kind: "bytes",
    decode: (bytes) => {
      const record = whole(bytes, RECORD_BYTES + HEADERS_BYTES);
      return (
        record && { record: readRecord(viewOf(record), 0), ends: readEndpoints(viewOf(record), 0) }
      );
    },
  },
  { name: "netlink", kind: "bytes", decode: attributesOf },
  {
    name: "tcp-info",
    kind: "bytes",
    decode: (bytes) => {
      const info = decodeTcpInfo(bytes, bytes.length);
      return (
        info && {
          info,
          segments: decodeSegmentsIn(bytes, bytes.length),
          negotiated: decodeNegotiated(bytes, bytes.length),
        }
      );
    },
  },
  {
    name: "sockaddr",
    kind: "bytes",
    decode: (bytes) => {
      const room = whole(bytes, 16);
      return room && decodeSockaddr(room);
    },
    survives: (_, bytes) => {
      const found = decodeSockaddr(bytes);
      if (found !== undefined)
        assert.deepEqual(decodeSockaddr(encodeSockaddr(found.address, found.port)), found);
    },
  },
];
