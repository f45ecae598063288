// A socket that this machine does not give: asked for again where it may come, reported where it does not.

import { expect, it } from "vitest";
import type { TcpOpen } from "../../../probes/native/tcp-socket.ts";
import { startAttempt } from "../../../probes/tcp/attempt.ts";
import { openWhenFree } from "../../../probes/tcp/open-attempt.ts";
import { testContext } from "../../builders/context.ts";
import { fakeLibc } from "../../builders/libc.ts";

const notMade = (error: string): TcpOpen => ({ kind: "not-made", call: "socket()", error });
const REFUSED: TcpOpen = { kind: "failed", error: "ECONNREFUSED" };

it("descriptors that others let go are taken", async () => {
  const answers = [notMade("EMFILE"), notMade("ENFILE"), REFUSED];
  const opened = await openWhenFree(() => answers.shift() ?? REFUSED, testContext());
  expect(opened).toBe(REFUSED);
  expect(answers).toEqual([]);
});

it("a shortage that does not end is an answer, and so is a refusal at once", async () => {
  const context = testContext();
  expect(await openWhenFree(() => notMade("EMFILE"), context)).toEqual(notMade("EMFILE"));
  const sinceMs = context.clock.now();
  expect(await openWhenFree(() => notMade("EACCES"), context)).toEqual(notMade("EACCES"));
  expect(context.clock.now()).toBe(sinceMs);
});

const SPEC = {
  purpose: "mss-sweep",
  family: 4,
  address: "192.0.2.1",
  port: 443,
  zoneIndex: 0,
  exchange: null,
  firstFlightBytes: null,
  goal: "tls",
} as const;

it.each([
  {
    what: "the socket",
    refuse: { call: "socket", errno: 13 },
    mss: null,
    said: "socket() (EACCES)",
  },
  {
    what: "TCP_MAXSEG",
    refuse: { call: "setsockopt 2", errno: 92 },
    mss: 1360,
    said: "TCP_MAXSEG (ENOPROTOOPT)",
  },
])(
  "connections that are refused $what say so once, and nothing of the network",
  async ({ refuse, mss, said }) => {
    const context = testContext();
    const libc = fakeLibc(refuse);
    const attempts = ["t1", "t2"].map((name) =>
      startAttempt(libc, { ...SPEC, name, mss }, context),
    );
    await Promise.all(attempts.map(({ done }) => done));
    expect(context.events.map(({ kind }) => kind)).toEqual(["probe-skipped"]);
    expect(context.events[0]).toMatchObject({
      probe: "mss-sweep",
      reason: `a connection needs ${said}`,
    });
    expect(attempts.map((attempt) => attempt.state("tls"))).toEqual(["failed", "failed"]);
    expect(libc.open.size).toBe(0);
  },
);
