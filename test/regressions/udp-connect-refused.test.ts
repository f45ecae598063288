// The kernel may refuse a UDP socket's connect: no route, a filter's EPERM. The run ended in a stack trace, and later in a RangeError.

import { expect, test } from "vitest";
import { askUdp } from "../../probes/dns/udp-query.ts";
import { datagramConnector } from "../../probes/native/datagram.ts";
import { loadLibc } from "../../probes/native/libc.ts";
import { systemClock } from "../../src/clock.ts";

test("a name server that no socket can be connected to is unreachable, with the kernel's word", async () => {
  // Broadcast is refused to whoever did not ask for it (ip(7), EACCES), whatever the routes are.
  const question = { server: "255.255.255.255", name: "example.test", type: "A" } as const;
  const { now, sleep } = systemClock;
  const connect = datagramConnector(await loadLibc(), () => 0);
  const { signal } = new AbortController();
  const { result, listened } = askUdp(question, { now, sleep, connect, signal });
  expect(await result).toEqual({
    outcome: { kind: "unreachable", error: "EACCES", from: null },
    rttMs: null,
    sent: 0,
  });
  expect(await listened).toEqual([]);
});
