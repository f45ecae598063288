// What the replies of a SOCKS 5 proxy mean for the next message to it.

import { expect, test } from "vitest";
import { methodOffer } from "../../../probes/proxy/greeting.ts";

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
