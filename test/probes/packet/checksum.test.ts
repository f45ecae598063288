// The Internet checksum: known values, odd lengths, parts, and UDP's zero.

import fc from "fast-check";
import { expect, test } from "vitest";
import { checksum, isSound, pseudoHeader, udpChecksum } from "../../../probes/packet/checksum.ts";

test("is that of RFC 1071's example", () => {
  expect(checksum(Buffer.from("0001f203f4f5f6f7", "hex"))).toBe(0xffff - 0xddf2);
});

test("counts an odd last byte as if a zero followed", () => {
  expect(checksum(Buffer.from([0x12]))).toBe(checksum(Buffer.from([0x12, 0])));
});

test("is the same however the bytes are cut into parts", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(60), (bytes, at) => {
      expect(checksum(bytes.subarray(0, at), bytes.subarray(at))).toBe(checksum(bytes));
    }),
  );
});

test("makes the bytes that hold it sound, and no others", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 60 }), fc.nat(), (random, spoil) => {
      const bytes = Buffer.from(random);
      bytes.writeUInt16BE(0, 2);
      bytes.writeUInt16BE(checksum(bytes), 2);
      expect(isSound(bytes)).toBe(true);
      const at = spoil % bytes.length;
      bytes.writeUInt8(bytes.readUInt8(at) ^ 0x10, at);
      expect(isSound(bytes)).toBe(false);
    }),
  );
});

test("of UDP never is the zero that would mean none", () => {
  expect(checksum(Buffer.from([0xff, 0xff]))).toBe(0);
  expect(udpChecksum(Buffer.from([0xff, 0xff]))).toBe(0xffff);
});

test("sums the pseudo headers of both families", () => {
  expect(pseudoHeader("192.0.2.1", "192.0.2.2", 17, 9).toString("hex")).toBe(
    "c0000201c000020200110009",
  );
  const six = pseudoHeader("2001:db8::1", "2001:db8::2%eth0", 58, 9);
  expect(six).toHaveLength(40);
  expect(six.subarray(32).toString("hex")).toBe("000000090000003a");
});
