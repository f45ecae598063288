// ICMP and ICMPv6: echo, and the original datagrams of errors, whole, short, extended, damaged.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checksum, isSound, pseudoHeader } from "../../../probes/packet/checksum.ts";
import { decodeEcho, decodeIcmpError, encodeEcho } from "../../../probes/packet/icmp.ts";
import { encodeIpv4 } from "../../../probes/packet/ipv4.ts";
import { encodeIpv6 } from "../../../probes/packet/ipv6.ts";
import { encodeUdp } from "../../../probes/packet/udp.ts";
import { anyPayload, anyPort, icmpError } from "../../builders/packets.ts";

const ENDS = { source: "192.0.2.1", destination: "198.51.100.2" } as const;
const ENDS6 = { source: "2001:db8::1", destination: "2001:db8::2" } as const;
const PORTS = { source: 40_000, destination: 33_434 } as const;

function probe4(data = Buffer.alloc(8), ttl = 1): Buffer {
  const fields = { ...ENDS, ttl, protocol: 17, id: 5 };
  return encodeIpv4(fields, encodeUdp(ENDS, PORTS, data));
}

const EXPIRED = [11, 0, 0] as const;
/** RFC 4950: version 2, one label. */
const LABELS = Buffer.from("2000000000080101" + "05dcf701", "hex");

test.each([4, 6] as const)(
  "an echo request of IPv%i is read back, and its checksum is right",
  (family) => {
    const endpoints = family === 4 ? ENDS : ENDS6;
    fc.assert(
      fc.property(anyPort, anyPort, anyPayload(), (id, sequence, payload) => {
        const bytes = encodeEcho(family, endpoints, { id, sequence }, payload);
        expect(decodeEcho(family, bytes)).toMatchObject({ id, sequence, payload });
        const pseudo = pseudoHeader(endpoints.source, endpoints.destination, 58, bytes.length);
        expect(isSound(...(family === 6 ? [pseudo] : []), bytes)).toBe(true);
        expect(decodeIcmpError(family, bytes)).toBeUndefined();
      }),
    );
  },
);

describe("an error's original datagram", () => {
  test("of any length from 8 bytes on names the probe", () => {
    const probe = probe4(Buffer.alloc(100));
    for (let length = 28; length <= probe.length; length++) {
      const error = decodeIcmpError(4, icmpError(EXPIRED, probe.subarray(0, length)));
      expect(error).toMatchObject({
        type: 11,
        code: 0,
        quotedBytes: length,
        labels: [],
        quoted: { ...ENDS, ttl: 1, id: 5, protocol: 17, totalBytes: probe.length },
      });
      expect(error?.quoted.payload).toHaveLength(length - 20);
    }
  });

  test("that is shorter than the IP header is none", () => {
    for (let length = 0; length < 20; length++) {
      expect(decodeIcmpError(4, icmpError(EXPIRED, probe4().subarray(0, length)))).toBeUndefined();
    }
  });

  test("with RFC 4884's length ends there, padding not counted, and labels follow", () => {
    const read = decodeIcmpError(4, icmpError(EXPIRED, probe4(), LABELS));
    expect(read).toMatchObject({ quotedBytes: 36, labels: [{ label: 24_015, ttl: 1 }] });
    expect(read?.quoted.payload).toHaveLength(16);
  });

  test("of a router that gives no length has labels behind 128 bytes only with a right checksum", () => {
    const padded = Buffer.concat([probe4(), Buffer.alloc(128 - probe4().length)]);
    expect(decodeIcmpError(4, icmpError(EXPIRED, Buffer.concat([padded, LABELS])))?.labels).toEqual(
      [],
    );
    const summed = Buffer.from(LABELS);
    summed.writeUInt16BE(checksum(summed), 2);
    const read = decodeIcmpError(4, icmpError(EXPIRED, Buffer.concat([padded, summed])));
    expect(read?.labels).toHaveLength(1);
  });

  test("reads the MTU of fragmentation needed and packet too big", () => {
    expect(decodeIcmpError(4, icmpError([3, 4, 1400], probe4()))?.mtu).toBe(1400);
    const probe6 = encodeIpv6({ ...ENDS6, ttl: 9, protocol: 17 }, encodeUdp(ENDS6, PORTS, LABELS));
    const error = decodeIcmpError(6, icmpError([2, 0, 70_000], probe6));
    expect(error).toMatchObject({ mtu: 70_000, quoted: { ...ENDS6, protocol: 17 } });
  });

  test("in a message that was damaged is not believed", () => {
    const bytes = icmpError(EXPIRED, probe4());
    bytes.writeUInt8(bytes.readUInt8(30) ^ 1, 30);
    expect(decodeIcmpError(4, bytes)).toBeUndefined();
  });

  test("of the other family is none", () => {
    expect(decodeIcmpError(6, icmpError([3, 0, 0], probe4()))).toBeUndefined();
  });
});

test("no bytes make a decoder throw, and nothing is read past them", () => {
  const families = fc.constantFrom<4 | 6>(4, 6);
  const types = fc.constantFrom(0, 1, 2, 3, 4, 11, 12, 128, 129);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), families, types, (random, family, type) => {
      const bytes = Buffer.from(random);
      if (bytes.length > 8) {
        bytes.writeUInt8(type, 0);
        bytes.writeUInt8(family * 16 + 5, 8);
        bytes.writeUInt16BE(0, 2);
        bytes.writeUInt16BE(checksum(bytes), 2);
      }
      decodeEcho(family, bytes);
      const error = decodeIcmpError(family, bytes);
      if (error !== undefined) expect(error.quotedBytes).toBeLessThanOrEqual(bytes.length - 8);
    }),
  );
});
