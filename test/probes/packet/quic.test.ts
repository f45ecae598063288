// QUIC packets that every version reads, and the Alt-Svc field that names where they are worth sending.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeVersionTrigger, readVersionNegotiation } from "../../../probes/packet/quic.ts";
import { http3Port } from "../../../src/facts/connection/alt-svc.ts";

const ids = {
  destination: Buffer.from("0102030405060708", "hex"),
  source: Buffer.from("aabb", "hex"),
};

/** RFC 8999 s.6: version 0, the ids swapped, then 32 bits for each version. */
function negotiation(to: Buffer, from: Buffer, versions: string): Buffer {
  const length = (id: Buffer) => Buffer.from([id.length]);
  const head = Buffer.from("cf00000000", "hex");
  return Buffer.concat([head, length(to), to, length(from), from, Buffer.from(versions, "hex")]);
}

test("a packet of the reserved version fills the smallest first datagram", () => {
  const packet = encodeVersionTrigger(ids);
  expect(packet).toHaveLength(1200);
  expect(packet.subarray(0, 17).toString("hex")).toBe(
    "c01a2a3a4a08010203040506070802aabb".slice(0, 34),
  );
});

describe("a Version Negotiation packet", () => {
  test("lists the versions when both ids come back, each in the other's position", () => {
    const packet = negotiation(ids.source, ids.destination, "00000001ff00001d");
    expect(readVersionNegotiation(packet, ids)).toEqual(["0x1", "0xff00001d"]);
  });

  test.each([
    {
      what: "ids of another connection",
      packet: negotiation(ids.source, Buffer.alloc(8), "00000001"),
    },
    { what: "ids in our own order", packet: negotiation(ids.destination, ids.source, "00000001") },
    { what: "our own packet", packet: encodeVersionTrigger(ids) },
    { what: "nothing", packet: Buffer.alloc(0) },
  ])("is not read from $what", ({ packet }) => {
    expect(readVersionNegotiation(packet, ids)).toBeUndefined();
  });

  test("is read from any bytes without an exception", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(readVersionNegotiation(Buffer.from(bytes), ids)).toBeUndefined();
      }),
    );
  });

  test("cut off anywhere in its head is none", () => {
    const whole = negotiation(ids.source, ids.destination, "00000001");
    for (let size = 0; size < whole.length - 4; size += 1) {
      expect(readVersionNegotiation(whole.subarray(0, size), ids)).toBeUndefined();
    }
  });
});

test.each([
  ['h3=":443"; ma=86400', 443],
  ['h2=":444", h3=":8443"; ma=3600; persist=1', 8443],
  ['h3-29=":443", h3=":443"', 443],
  ['h3="other.example.test:443"', null],
  ['h3="other.example.test:443", h3=":444"', 444],
  ['h3=":0"', null],
  ['h3=":70000"', null],
  ["clear", null],
  ["", null],
])("Alt-Svc %s offers HTTP/3 on port %s", (value, port) => {
  expect(http3Port(value)).toBe(port);
});

test("any Alt-Svc field gives a port or none", () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const port = http3Port(value);
      expect(port === null || (port > 0 && port < 65536)).toBe(true);
    }),
  );
});
