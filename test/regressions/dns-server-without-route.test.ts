// What once went wrong, and must not again: Node hands the error of a datagram socket's connect to the callback, which took
// it for success: with no route to a name server the whole run ended in a RangeError, as of a distro without a default route.

import { expect, test } from "vitest";
import { askUdp } from "../../probes/dns/query.ts";

/** To connect there is refused at once without SO_BROADCAST (udp(7)), whatever routes there are. */
const NOWHERE = "255.255.255.255";

test("a name server that cannot even be connected to is unreachable", async () => {
  const signal = new AbortController().signal;
  const question = { server: NOWHERE, name: "www.example.test", type: "A" as const };
  const result = await askUdp(question, { now: () => performance.now(), signal }).result;
  expect(result).toMatchObject({ outcome: { kind: "unreachable" }, sent: 0 });
});
