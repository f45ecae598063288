// IPv4 and IPv6 headers: written and read, with what stands between header and payload, and any other bytes.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSound } from "../../../probes/packet/checksum.ts";
import { decodeIp } from "../../../probes/packet/ip.ts";
import { encodeIpv4 } from "../../../probes/packet/ipv4.ts";
import { encodeIpv6 } from "../../../probes/packet/ipv6.ts";
import { anyAddress, anyPayload } from "../../builders/packets.ts";

const common = { ttl: fc.nat(255), trafficClass: fc.nat(255) };
const any4 = fc.record({
  ...common,
  source: anyAddress(4),
  destination: anyAddress(4),
  protocol: fc.nat(255),
  id: fc.nat(0xffff),
  dontFragment: fc.boolean(),
  moreFragments: fc.boolean(),
  fragmentOffset: fc.nat(8191).map((units) => units * 8),
});
const any6 = fc.record({
  ...common,
  source: anyAddress(6),
  destination: anyAddress(6),
  protocol: fc.constantFrom(6, 17, 58),
  flowLabel: fc.nat(0xfffff),
});

describe("a header that is written", () => {
  test("of IPv4 is read back, and its checksum is right", () => {
    fc.assert(
      fc.property(any4, anyPayload(), (fields, payload) => {
        const bytes = encodeIpv4(fields, payload);
        expect(isSound(bytes.subarray(0, 20))).toBe(true);
        expect(decodeIp(bytes)).toMatchObject({
          ...fields,
          family: 4,
          payload,
          totalBytes: 20 + payload.length,
        });
      }),
    );
  });

  test("of IPv6 is read back", () => {
    fc.assert(
      fc.property(any6, anyPayload(), ({ flowLabel, ...fields }, payload) => {
        const bytes = encodeIpv6({ ...fields, flowLabel }, payload);
        expect(bytes.readUInt32BE(0) % 0x100000).toBe(flowLabel);
        expect(decodeIp(bytes)).toMatchObject({
          ...fields,
          family: 6,
          payload,
          id: null,
          totalBytes: 40 + payload.length,
        });
      }),
    );
  });
});

const ENDS6 = { source: "2001:db8::1", destination: "2001:db8::2", ttl: 9 } as const;
const UDP = 17;

/** Next header, length in units of 8 beyond the first, filled up. */
function options(next: number, units: number): Buffer {
  const bytes = Buffer.alloc(8 * (units + 1), 1);
  bytes.set([next, units]);
  return bytes;
}

describe("extension headers", () => {
  test("of every kind are skipped", () => {
    const payload = Buffer.from("datagram");
    const authentication = Buffer.alloc(24);
    authentication.set([UDP, 4]);
    const fragment = Buffer.from([51, 0, 0, 1, 0, 0, 0, 7]);
    const chain = [options(43, 0), options(60, 2), options(44, 1), fragment, authentication];
    const bytes = encodeIpv6({ ...ENDS6, protocol: 0 }, Buffer.concat([...chain, payload]));
    expect(decodeIp(bytes)).toMatchObject({
      protocol: UDP,
      payload,
      id: 7,
      fragmentOffset: 0,
      moreFragments: true,
    });
  });

  test("behind a later fragment nothing is taken for a header", () => {
    const fragment = Buffer.from([60, 0, 0x05, 0xa8, 0, 0, 0, 7]);
    const data = options(UDP, 0);
    const bytes = encodeIpv6({ ...ENDS6, protocol: 44 }, Buffer.concat([fragment, data]));
    expect(decodeIp(bytes)).toMatchObject({ fragmentOffset: 1448, protocol: 60, payload: data });
  });

  test("that are cut off leave no payload", () => {
    const whole = encodeIpv6({ ...ENDS6, protocol: 0 }, options(UDP, 3));
    for (let length = 40; length < whole.length; length++) {
      const read = decodeIp(whole.subarray(0, length));
      expect(read?.payload).toHaveLength(0);
    }
  });

  test("without an end are followed no farther than eight", () => {
    const endless = Buffer.concat(Array.from({ length: 20 }, () => options(60, 0)));
    const read = decodeIp(encodeIpv6({ ...ENDS6, protocol: 60 }, endless));
    expect(read).toMatchObject({ protocol: 60 });
    expect(read?.payload).toHaveLength(12 * 8);
  });
});

describe("bytes that are no whole packet", () => {
  test("never throw, and a header that is cut off is none", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 120 }),
        fc.constantFrom(4, 6, 0),
        (random, version) => {
          const bytes = Buffer.from(random);
          if (version !== 0 && bytes.length > 0) {
            bytes.writeUInt8(version * 16 + (bytes.readUInt8(0) & 0xf), 0);
          }
          const read = decodeIp(bytes);
          if (read === undefined) return;
          expect(bytes.length).toBeGreaterThanOrEqual(read.family === 4 ? 20 : 40);
          expect(read.payload.length).toBeLessThan(bytes.length);
        },
      ),
    );
  });

  test("end where the header's length ends, so that padding is no payload", () => {
    const fields = { source: "192.0.2.1", destination: "192.0.2.2", ttl: 1, protocol: UDP, id: 1 };
    const bytes = encodeIpv4(fields, Buffer.from("own"));
    const padded = Buffer.concat([bytes, Buffer.alloc(100)]);
    expect(decodeIp(padded)?.payload.toString()).toBe("own");
  });
});
