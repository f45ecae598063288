// A query that this machine did not let out, and one that was refused on the way.

import { expect, it } from "vitest";
import { outcomeOf } from "../../../../probes/dns/query.ts";
import { datagramConnector } from "../../../../probes/native/datagram.ts";
import { isRefusedHere } from "../../../../src/facts/dns/refused-here.ts";
import { fakeLibc } from "../../../builders/libc.ts";

const EPERM = 1;

it.each([
  { call: "socket", here: true },
  // A filter of this distro, or a route that prohibits.
  { call: "connect", here: false },
])("EPERM of $call is one of this machine: $here", ({ call, here }) => {
  const connect = datagramConnector(fakeLibc({ call, errno: EPERM }), () => 0);
  const opened = connect("192.0.2.53", 53);
  if (opened.kind !== "failed") throw new Error("it was let out");
  expect(isRefusedHere({ outcome: outcomeOf(opened.error) })).toBe(here);
});
