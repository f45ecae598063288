// struct sockaddr, written and read: wrong bytes here would send probes to somebody else.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeSockaddr, encodeSockaddr, familyOf } from "../../../probes/native/sockaddr.ts";

const port = fc.integer({ min: 0, max: 65535 });

describe("a sockaddr", () => {
  test("of IPv4 is 16 bytes, the family in host order and the port in network order", () => {
    expect(encodeSockaddr("192.0.2.1", 443).toString("hex")).toBe(
      "020001bbc00002010000000000000000",
    );
  });

  test("of IPv6 is 28 bytes and carries the zone's index", () => {
    expect(encodeSockaddr("fe80::1%eth0", 53, 7).toString("hex")).toBe(
      `0a000035${"00".repeat(4)}fe80${"00".repeat(13)}0107000000`,
    );
  });

  test("comes back as it went in, IPv4", () => {
    fc.assert(
      fc.property(fc.ipV4(), port, (address, number) => {
        expect(decodeSockaddr(encodeSockaddr(address, number))).toEqual({ address, port: number });
      }),
    );
  });

  test("comes back as the same address, IPv6", () => {
    const six = fc.ipV6().filter((text) => !text.includes("."));
    fc.assert(
      fc.property(six, port, (text, number) => {
        const wire = encodeSockaddr(text, number);
        const back = decodeSockaddr(wire);
        expect(back?.port).toBe(number);
        expect(encodeSockaddr(back?.address ?? "", number)).toEqual(wire);
      }),
    );
  });

  test("is read at an offset, and nobody is behind another family", () => {
    const wire = Buffer.concat([Buffer.alloc(16), encodeSockaddr("192.0.2.9", 80)]);
    expect(decodeSockaddr(wire, 16)).toEqual({ address: "192.0.2.9", port: 80 });
    expect(decodeSockaddr(Buffer.alloc(28))).toBeUndefined();
  });

  test("of IPv6 that is cut off is nobody's", () => {
    const wire = encodeSockaddr("2001:db8::1", 80);
    expect(decodeSockaddr(wire.subarray(0, 20))).toBeUndefined();
  });
});

describe("the family", () => {
  test.each([
    ["192.0.2.1", 4],
    ["2001:db8::1", 6],
    ["::", 6],
    ["::ffff:192.0.2.1", 6],
    ["fe80::1%eth0", 6],
    ["fe80::1%3", 6],
    ["www.example.test", undefined],
    ["", undefined],
    ["192.0.2.256", undefined],
    ["192.0.2.1 ", undefined],
    ["fe80::1%", undefined],
    ["fe80::1%a b", undefined],
    ["[2001:db8::1]", undefined],
    ["2001:db8::g", undefined],
  ])("of %j is %s", (text, family) => {
    expect(familyOf(text)).toBe(family);
  });

  test("of any text is one or none, and what has one can be encoded", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), (text) => {
        if (familyOf(text) !== undefined) {
          expect([16, 28]).toContain(encodeSockaddr(text, 1).length);
        }
      }),
    );
  });
});
