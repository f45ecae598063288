// ICMP extensions: labels of sound structures, nothing of any other bytes.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { extensionsAt } from "../../../probes/packet/extensions.ts";

/** The Internet checksum (RFC 1071). */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

interface Entry {
  readonly label: number;
  readonly trafficClass: number;
  readonly bottomOfStack: boolean;
  readonly ttl: number;
}

function object(kind: readonly [number, number], body: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16BE(4 + body.length, 0);
  header.set(kind, 2);
  return Buffer.concat([header, body]);
}

function stack(entries: readonly Entry[]): Buffer {
  const body = Buffer.alloc(4 * entries.length);
  for (const [n, { label, trafficClass, bottomOfStack, ttl }] of entries.entries()) {
    const bottom = bottomOfStack ? 1 : 0;
    body.writeUInt32BE(label * 4096 + trafficClass * 512 + bottom * 256 + ttl, 4 * n);
  }
  return object([1, 1], body);
}

function structure(objects: readonly Buffer[], options: { readonly unsummed?: boolean } = {}) {
  const bytes = Buffer.concat([Buffer.from([0x20, 0, 0, 0]), ...objects]);
  if (options.unsummed !== true) bytes.writeUInt16BE(checksum(bytes), 2);
  return bytes;
}

const LABEL: Entry = { label: 24_015, trafficClass: 3, bottomOfStack: true, ttl: 1 };
/** RFC 5837: an object of another class. */
const INTERFACE = object([2, 0], Buffer.from([0, 0, 0, 7]));

describe("labels", () => {
  test("are read from a structure as it stands in RFC 4950", () => {
    // Version 2, checksum, length 8, class 1, type 1, label 24015, class 3, bottom, TTL 1.
    const bytes = Buffer.from("2000000000080101" + "05dcf701", "hex");
    expect(extensionsAt(bytes, 0)).toEqual([LABEL]);
  });

  test("of any stack come back in order, whatever stands around them", () => {
    const entry = fc.record({
      label: fc.nat(0xfffff),
      trafficClass: fc.nat(7),
      bottomOfStack: fc.boolean(),
      ttl: fc.nat(255),
    });
    const stacks = fc.array(entry, { maxLength: 16 });
    fc.assert(
      fc.property(stacks, fc.nat(64), fc.boolean(), (entries, before, unsummed) => {
        const bytes = structure([INTERFACE, stack(entries)], { unsummed });
        const data = Buffer.concat([Buffer.alloc(before, 0x55), bytes]);
        expect(extensionsAt(data, before)).toEqual(entries);
      }),
    );
  });
});

describe("nothing is read", () => {
  test("where the checksum or the version is wrong", () => {
    const bytes = structure([stack([LABEL])]);
    const spoilt = Buffer.from(bytes);
    spoilt.writeUInt8(spoilt.readUInt8(9) ^ 0xff, 9);
    expect(extensionsAt(spoilt, 0)).toEqual([]);
    const version = structure([stack([LABEL])], { unsummed: true });
    version.writeUInt8(0x10, 0);
    expect(extensionsAt(version, 0)).toEqual([]);
  });

  test("outside of the data, whatever the bytes and the offset are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.integer(), (bytes, offset) => {
        for (const label of extensionsAt(bytes, offset)) expect(label.label).toBeLessThan(2 ** 20);
      }),
    );
  });
});
