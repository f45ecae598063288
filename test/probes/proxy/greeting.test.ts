// What the replies of a SOCKS 5 proxy mean for the next message to it.

import { expect, test } from "vitest";
import { connectTo, connectTo4, methodOffer } from "../../../probes/proxy/greeting.ts";

const VERSION = 5;

test.each([
  { method: 0, ok: true, wantsLogin: false },
  { method: 2, ok: true, wantsLogin: true },
  { method: 0xff, ok: false, wantsLogin: false },
])("method $method decides whether a login follows", ({ method, ok, wantsLogin }) => {
  const reply = methodOffer(true).read(Buffer.from([VERSION, method]));
  expect(reply).toMatchObject({ ok, wantsLogin });
});

test("half a reply is waited for, and another protocol is refused", () => {
  expect(methodOffer(false).read(Buffer.from([VERSION]))).toBeNull();
  expect(methodOffer(false).read(Buffer.from("HT"))).toMatchObject({ ok: false });
});

test("an address of either family goes as one, and a name as a name", () => {
  expect([...connectTo("192.0.2.1", 443).send]).toEqual([5, 1, 0, 1, 192, 0, 2, 1, 1, 187]);
  expect(connectTo("2001:db8::1", 443).send.subarray(3, 8)).toEqual(
    Buffer.from([4, 0x20, 1, 0x0d, 0xb8]),
  );
  expect(connectTo("a.test", 443).send.subarray(3, 11).toString("latin1")).toBe("\x03\x06a.test");
});

test("a reply of SOCKS 5 ends where its address ends", () => {
  const { read } = connectTo("a.test", 443);
  const reply = Buffer.from([5, 0, 0, 1, 192, 0, 2, 1, 0, 80]);
  expect(read(reply.subarray(0, 9))).toBeNull();
  expect(read(Buffer.concat([reply, Buffer.from("more")]))).toMatchObject({
    ok: true,
    usedBytes: reply.length,
  });
  expect(read(Buffer.from([5, 2, 0, 1]))).toMatchObject({
    ok: false,
    detail: "SOCKS 5: not allowed by its rules",
  });
});

test("SOCKS 4A has the name behind an address that nobody has", () => {
  const { send, read } = connectTo4("a.test", 80, "me:secret");
  expect(send.toString("latin1")).toBe("\x04\x01\x00\x50\x00\x00\x00\x01me\x00a.test\x00");
  expect(read(Buffer.from([0, 90, 0, 0, 0, 0, 0, 0]))).toMatchObject({ ok: true });
  expect(read(Buffer.from([0, 91, 0, 0, 0, 0, 0, 0]))).toMatchObject({ ok: false });
  expect(read(Buffer.from("HTTP"))).toMatchObject({ ok: false, spoken: false });
});
