// The cookie of a probe: recognised by its own bytes, and from nothing else.

import fc from "fast-check";
import { expect, test } from "vitest";
import {
  COOKIE_BYTES,
  COOKIE_MAGIC,
  cookieOf,
  readCookie,
  writeCookie,
} from "../../../probes/packet/cookie.ts";

const u16 = fc.integer({ min: 0, max: 0xffff });

test("a cookie is session << 16 | n, unsigned", () => {
  expect(cookieOf(0xffff, 0xffff)).toBe(0xffffffff);
  expect(cookieOf(0x8000, 1)).toBe(0x80000001);
  expect(cookieOf(0, 0)).toBe(0);
});

test("a number above 16 bits wraps and leaves the session alone", () => {
  expect(cookieOf(1, 0x10002)).toBe(cookieOf(1, 2));
  expect(cookieOf(0x10001, 2)).toBe(cookieOf(1, 2));
});

test("what was written is read again, at any offset of a larger buffer", () => {
  fc.assert(
    fc.property(u16, u16, fc.nat(32), fc.nat(32), (session, n, before, after) => {
      const bytes = Buffer.alloc(before + COOKIE_BYTES + after, 0xaa);
      const payload = bytes.subarray(before);
      writeCookie(payload, cookieOf(session, n));
      expect(readCookie(payload)).toBe(cookieOf(session, n));
      expect(readCookie(new Uint8Array(payload))).toBe(cookieOf(session, n));
    }),
  );
});

test("two probes of a session never share a cookie", () => {
  fc.assert(
    fc.property(u16, u16, u16, (session, a, b) => {
      expect(cookieOf(session, a) === cookieOf(session, b)).toBe(a === b);
    }),
  );
});

test("an original datagram that was cut off or is somebody else's has none", () => {
  const payload = Buffer.alloc(COOKIE_BYTES);
  writeCookie(payload, 7);
  for (let length = 0; length < COOKIE_BYTES; length++) {
    expect(readCookie(payload.subarray(0, length))).toBeUndefined();
  }
  payload.writeUInt32BE(COOKIE_MAGIC ^ 1, 0);
  expect(readCookie(payload)).toBeUndefined();
});
