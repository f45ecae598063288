// Captured packets for others: other addresses, sums that are right for them, nothing of what they carried.

import { encode } from "dns-packet";
import { describe, expect, it } from "vitest";
import { redactPacket } from "../../../probes/capture/redact-packet.ts";
import { checksum, isSound, pseudoHeader } from "../../../probes/packet/checksum.ts";
import { writeCookie } from "../../../probes/packet/cookie.ts";
import { encodeEcho } from "../../../probes/packet/icmp.ts";
import { decodeIp, PROTOCOL } from "../../../probes/packet/ip.ts";
import { encodeIpv4 } from "../../../probes/packet/ipv4.ts";
import { encodeIpv6 } from "../../../probes/packet/ipv6.ts";
import { encodeTcp, synOptions, TCP_FLAG } from "../../../probes/packet/tcp.ts";
import { encodeUdp } from "../../../probes/packet/udp.ts";
import type { CapturedPacket } from "../../../src/captured-packet.ts";

const REAL = {
  4: { source: "81.2.69.142", destination: "93.184.216.34" },
  6: { source: "2a02:810::1", destination: "2a02:810::2" },
} as const;
const OTHERS: Readonly<Record<string, string>> = {
  "81.2.69.142": "198.51.100.1",
  "93.184.216.34": "203.0.113.7",
  "62.1.2.3": "192.0.2.9",
  "2a02:810::1": "2001:db8::1",
  "2a02:810::2": "2001:db8:0:5::2",
};
const NAMES = {
  address: (text: string) => OTHERS[text] ?? text,
  name: () => "host-1.domain-1.com",
  place: () => "name-1",
};

function captured(bytes: Buffer): CapturedPacket {
  const of = { answer: false, events: [], cookie: null, mark: null };
  const seen = { atNs: 0n, place: "qz0", direction: "outbound" } as const;
  return { ...seen, bytes, originalBytes: bytes.length, of };
}

function redacted(bytes: Buffer) {
  const before = Buffer.from(bytes);
  const packet = redactPacket(captured(bytes), NAMES);
  expect(bytes.equals(before)).toBe(true);
  const read = Buffer.from(packet.bytes);
  const decoded = decodeIp(read);
  if (decoded === undefined) throw new Error("no packet");
  if (decoded.family === 4) expect(checksum(read.subarray(0, 20))).toBe(0);
  return { ...packet, bytes: read, decoded };
}

function isSummed({
  source,
  destination,
  protocol,
  payload,
}: ReturnType<typeof redacted>["decoded"]) {
  return isSound(pseudoHeader(source, destination, protocol, payload.length), payload);
}

function ip(family: 4 | 6, protocol: number, payload: Buffer): Buffer {
  const fields = { ...REAL[family], ttl: 9, protocol };
  return family === 4 ? encodeIpv4({ ...fields, id: 7 }, payload) : encodeIpv6(fields, payload);
}

const SYN = {
  sourcePort: 40_000,
  destinationPort: 443,
  sequence: 1,
  acknowledgement: 0,
  flags: TCP_FLAG.syn,
  window: 1,
};

describe.each([4, 6] as const)("IPv%i", (family) => {
  const ends = REAL[family];

  it("a SYN has other addresses and a sum that is right for them", () => {
    const syn = encodeTcp(ends, SYN, synOptions(1460, 5), Buffer.alloc(0));
    const { decoded, place, bytes, originalBytes } = redacted(ip(family, PROTOCOL.tcp, syn));
    expect(decoded.source).toBe(NAMES.address(ends.source));
    expect(decoded.destination).toBe(NAMES.address(ends.destination));
    expect(isSummed(decoded)).toBe(true);
    expect(place).toBe("name-1");
    expect(bytes.length).toBe(originalBytes);
  });

  it("what a segment carries is cut off, and its length stays", () => {
    const data = encodeTcp(ends, SYN, Buffer.alloc(0), Buffer.from("GET /secret HTTP/1.1"));
    const { bytes, originalBytes, decoded } = redacted(ip(family, PROTOCOL.tcp, data));
    expect(bytes.includes("secret")).toBe(false);
    expect(originalBytes - bytes.length).toBe("GET /secret HTTP/1.1".length);
    expect(decoded.totalBytes).toBe(originalBytes);
  });

  it("a probe keeps its cookie and its size; another datagram keeps its header", () => {
    const marked = Buffer.alloc(100);
    writeCookie(marked, 0x00010002);
    const ports = { source: 1, destination: 33_434 };
    const probe = redacted(ip(family, PROTOCOL.udp, encodeUdp(ends, ports, marked)));
    expect(probe.decoded.payload.subarray(8).equals(marked)).toBe(true);
    expect(isSummed(probe.decoded)).toBe(true);
    const other = redacted(ip(family, PROTOCOL.udp, encodeUdp(ends, ports, Buffer.from("secret"))));
    expect(other.decoded.payload.length).toBe(8);
  });

  it("a query names another host, and an answer no address", () => {
    const ports = { source: 53, destination: 40_000 };
    const answers = [{ type: "A", name: "vpn.qzcorp.net", data: "62.1.2.3" }] as const;
    const message = encode({
      type: "response",
      questions: [{ type: "A", name: "vpn.qzcorp.net" }],
      answers: [...answers],
    });
    const { bytes } = redacted(ip(family, PROTOCOL.udp, encodeUdp(ends, ports, message)));
    expect(bytes.includes("qzcorp")).toBe(false);
    expect(bytes.includes("domain-1")).toBe(true);
    expect(bytes.includes(Buffer.from([62, 1, 2, 3]))).toBe(false);
  });
});

describe("an ICMP error", () => {
  function timeExceeded(original: Buffer): Buffer {
    const header = Buffer.from([11, 0, 0, 0, 0, 0, 0, 0]);
    const message = Buffer.concat([header, original]);
    message.writeUInt16BE(checksum(message), 2);
    const fields = { source: "62.1.2.3", destination: REAL[4].source, ttl: 60, id: 0 };
    return encodeIpv4({ ...fields, protocol: PROTOCOL.icmp }, message);
  }

  it("is redacted in the original datagram too, which keeps the cookie", () => {
    const marked = Buffer.alloc(30);
    writeCookie(marked, 5);
    const ports = { source: 40_000, destination: 33_434 };
    const probe = ip(4, PROTOCOL.udp, encodeUdp(REAL[4], ports, marked));
    const { decoded, bytes } = redacted(timeExceeded(probe));
    expect(decoded.source).toBe("192.0.2.9");
    expect(isSound(decoded.payload)).toBe(true);
    for (const real of [
      [81, 2, 69, 142],
      [93, 184, 216, 34],
      [62, 1, 2, 3],
    ]) {
      expect(bytes.includes(Buffer.from(real))).toBe(false);
    }
    const original = decodeIp(decoded.payload.subarray(8));
    expect(original?.destination).toBe("203.0.113.7");
    expect(original?.payload.subarray(8).equals(marked)).toBe(true);
    if (original !== undefined) expect(isSummed(original)).toBe(true);
  });

  it("has zeros for what its original datagram carried, and is as long as before", () => {
    const data = encodeTcp(REAL[4], SYN, Buffer.alloc(0), Buffer.from("secret words"));
    const { bytes, originalBytes, decoded } = redacted(timeExceeded(ip(4, PROTOCOL.tcp, data)));
    expect(bytes.includes("secret")).toBe(false);
    expect(bytes.length).toBe(originalBytes);
    expect(isSound(decoded.payload)).toBe(true);
  });
});

it("an echo that is not a probe's keeps its header alone", () => {
  const echo = encodeEcho(4, REAL[4], { id: 1, sequence: 2 }, Buffer.from("secret"));
  const { decoded } = redacted(ip(4, PROTOCOL.icmp, echo));
  expect(decoded.payload.length).toBe(8);
});

it("options of the IP header, which name routers, become zeros", () => {
  const syn = encodeTcp(REAL[4], SYN, Buffer.alloc(0), Buffer.alloc(0));
  const plain = ip(4, PROTOCOL.tcp, syn);
  // Record route, with one address in it (RFC 791 s.3.1).
  const route = Buffer.from([7, 7, 8, 62, 1, 2, 3, 0]);
  const bytes = Buffer.concat([plain.subarray(0, 20), route, plain.subarray(20)]);
  bytes.writeUInt8(0x47, 0);
  bytes.writeUInt16BE(bytes.length, 2);
  const packet = redactPacket(captured(bytes), NAMES);
  expect(Buffer.from(packet.bytes).includes(Buffer.from([62, 1, 2, 3]))).toBe(false);
});

it("what is no packet is left out whole", () => {
  expect(redactPacket(captured(Buffer.from("secret")), NAMES).bytes.length).toBe(0);
});
