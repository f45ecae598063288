// UDP and TCP headers: written and read, cut off at any byte, and any other bytes.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSound, pseudoHeader } from "../../../probes/packet/checksum.ts";
import {
  decodeOriginalTcp,
  decodeTcp,
  encodeTcp,
  synOptions,
  TCP_FLAG,
} from "../../../probes/packet/tcp.ts";
import { decodeUdp, encodeUdp } from "../../../probes/packet/udp.ts";
import { anyAddress, anyPayload, anyPort } from "../../builders/packets.ts";

const anyEndpoints = fc.oneof(
  fc.record({ source: anyAddress(4), destination: anyAddress(4) }),
  fc.record({ source: anyAddress(6), destination: anyAddress(6) }),
);

test("a UDP datagram is read back, and its checksum is right and never zero", () => {
  fc.assert(
    fc.property(
      anyEndpoints,
      anyPort,
      anyPort,
      anyPayload(),
      (endpoints, source, destination, payload) => {
        const bytes = encodeUdp(endpoints, { source, destination }, payload);
        const read = decodeUdp(bytes);
        expect(read).toMatchObject({
          sourcePort: source,
          destinationPort: destination,
          payload,
          length: bytes.length,
        });
        expect(read?.checksum).not.toBe(0);
        const pseudo = pseudoHeader(endpoints.source, endpoints.destination, 17, bytes.length);
        expect(isSound(pseudo, bytes)).toBe(true);
      },
    ),
  );
});

const anySyn = fc.record({
  sourcePort: anyPort,
  destinationPort: anyPort,
  sequence: fc.nat(0xffffffff),
  acknowledgement: fc.nat(0xffffffff),
  flags: fc.nat(255),
  window: fc.nat(0xffff),
});

describe("a TCP segment", () => {
  test("is read back with its MSS, and its checksum is right", () => {
    fc.assert(
      fc.property(
        anyEndpoints,
        anySyn,
        anyPort,
        anyPayload(),
        (endpoints, fields, mss, payload) => {
          const bytes = encodeTcp(endpoints, fields, synOptions(mss, 7), payload);
          expect(decodeTcp(bytes)).toMatchObject({ ...fields, mss, payload });
          const pseudo = pseudoHeader(endpoints.source, endpoints.destination, 6, bytes.length);
          expect(isSound(pseudo, bytes)).toBe(true);
        },
      ),
    );
  });

  const fields = {
    sourcePort: 40_000,
    destinationPort: 443,
    sequence: 0xfedcba98,
    acknowledgement: 0,
    flags: TCP_FLAG.syn,
    window: 64_240,
  };
  const endpoints = { source: "192.0.2.1", destination: "192.0.2.2" };
  const syn = encodeTcp(endpoints, fields, synOptions(1460, 1), Buffer.alloc(0));

  test("is as large as Linux' own SYN", () => {
    expect(syn).toHaveLength(40);
  });

  test("that is cut off gives what is there: nothing, ports and sequence, header, MSS", () => {
    const reported = (length: number) => decodeOriginalTcp(syn.subarray(0, length));
    expect(reported(7)).toBeUndefined();
    const start = { sourcePort: 40_000, destinationPort: 443, sequence: 0xfedcba98 };
    expect(reported(8)).toEqual({ ...start, segment: null });
    expect(reported(20)).toMatchObject({ ...start, segment: { mss: null, window: 64_240 } });
    expect(reported(23)).toMatchObject({ segment: { mss: null } });
    expect(reported(24)).toMatchObject({ segment: { mss: 1460 } });
  });

  test("without an MSS, or with options that are nonsense, has none", () => {
    const odd = [
      [1, 1, 1, 0],
      [2, 3, 5, 0],
      [8, 0, 0, 0],
      [2, 60, 5, 180],
      [1, 1, 1, 2],
    ];
    for (const options of odd) {
      const bytes = encodeTcp(endpoints, fields, Buffer.from(options), Buffer.alloc(0));
      expect(decodeTcp(bytes)?.mss).toBeNull();
    }
  });
});

test("no bytes make a decoder throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (random) => {
      const bytes = Buffer.from(random);
      decodeUdp(bytes);
      decodeTcp(bytes);
      decodeOriginalTcp(bytes);
    }),
  );
});
