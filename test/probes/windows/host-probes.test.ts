// What the host probes, when, and what stays when it falls silent: the strategy over a prober by hand.

import { afterEach, expect, test } from "vitest";
import type { HelperReply } from "../../../probes/windows/helper.ts";
import type { HelperAnswer, HelperQuestion } from "../../../probes/windows/helper-protocol.ts";
import type { FoundProber } from "../../../probes/windows/host-prober.ts";
import { startHostProbes } from "../../../probes/windows/host-probes.ts";
import { hostDrops } from "../../../src/facts/reach/host-counters.ts";
import type { HostProbes, TcpStagesProbe } from "../../../src/probe.ts";
import type { EventBody } from "../../../src/schema/event.ts";
import { type TestContext, testContext } from "../../builders/context.ts";
import { VPN_SERVER, vpnHost } from "../../builders/host.ts";
import { run } from "../../builders/runs.ts";
import { hanging, NO_REPLY, passing, unconnected } from "../../builders/tcp.ts";

const SILENT: HelperReply = { kind: "failed", reason: "the helper in Windows has ended (1)" };
let side: HostProbes | null = null;
afterEach(() => side?.close());

interface Host {
  readonly batches: HelperQuestion[][];
  readonly closed: () => number;
  readonly context: TestContext;
}

/** A host that answers as `say` does, and this side's run up to here. */
function start(
  tcp: readonly EventBody[],
  notify: (question: HelperQuestion) => Partial<HelperAnswer> | null,
  {
    languageMode = "FullLanguage",
    elevated = false,
    command,
  }: { languageMode?: string; elevated?: boolean; command?: "env" } = {},
): Host {
  const events = run({ host: vpnHost(), tcp, udp: [], end: null });
  const context = testContext(
    command === undefined
      ? events
      : events.map((event) => (event.kind === "run-started" ? { ...event, command } : event)),
  );
  const batches: HelperQuestion[][] = [];
  let closed = 0;
  const ask = (questions: readonly HelperQuestion[]) => {
    batches.push([...questions]);
    return questions.map(async (question): Promise<HelperReply> => {
      const reported = notify(question);
      if (reported === null) return SILENT;
      const answer = { token: null, ok: true, ms: 3, error: null, ...reported };
      return { kind: "answered", answer };
    });
  };
  const close = () => {
    closed += 1;
  };
  const found: FoundProber = {
    kind: "prober",
    prober: { by: "powershell", languageMode, elevated, ask, close },
  };
  side = startHostProbes({ find: async () => found, runStartMs: 0 }, context);
  return { batches, closed: () => closed, context };
}

const now = Promise.resolve();
const TCP: TcpStagesProbe = { chosen: now, clear: now, decided: now, done: now };
const asked = ({ batches }: Host) => batches.map((batch) => batch.map(({ ask }) => ask));
const reported = ({ context }: Host) => context.events.filter(({ kind }) => kind === "host-prober");
const attempts = ({ context }: Host) => context.path().hostProbes;

test("a run that gets its answer waits for no word of the host", async () => {
  const host = start(passing("t1"), () => ({}));
  await side?.follow(TCP);
  await new Promise(setImmediate);
  expect(asked(host)).toEqual([["connect", "echo"]]);
});

test("without a connection here the segments are tried, each with its purpose", async () => {
  const host = start(unconnected(NO_REPLY), ({ ask }) =>
    ask === "echo"
      ? { status: "no-reply" }
      : { ok: false, code: "TimedOut", error: "no answer in time" },
  );
  await side?.follow(TCP);
  const [first, second, third] = host.batches;
  expect(first?.map(({ ask }) => ask)).toEqual(["connect", "echo"]);
  const endpoint = second?.filter((one) => "address" in one && one.address === VPN_SERVER);
  expect(endpoint?.map((one) => one.ask === "echo" && one.ttl)).toEqual([128, 1, 2, 3, 4]);
  expect(third).toEqual([{ ask: "neighbour", address: "192.0.2.1" }]);
  const purposes = new Set(attempts(host).map(({ purpose }) => purpose));
  expect(purposes).toEqual(new Set(["target", "first-router", "vpn-endpoint"]));
  expect(attempts(host).find(({ try: one }) => one.ask === "connect")?.try).toMatchObject({
    outcome: "no-reply",
    detail: "no answer in time",
  });
});

test("a first router that answers is not looked up in the ARP table", async () => {
  const host = start(unconnected(NO_REPLY), (question) =>
    question.ask === "echo" && question.address === "192.0.2.1"
      ? { status: "reply", from: "192.0.2.1" }
      : { ok: false, error: "x" },
  );
  await side?.follow(TCP);
  expect(asked(host).flat()).not.toContain("neighbour");
});

test("a hang after the connection has the handshake and graded sizes tried", async () => {
  const host = start(hanging("t1"), () => ({ status: "reply", from: "x" }));
  await side?.follow(TCP);
  const last = host.batches.at(-1) ?? [];
  expect(last[0]).toMatchObject({ ask: "tls", name: "www.example.test" });
  const sizes = last.flatMap((one) => (one.ask === "echo" ? [one.payloadBytes + 28] : []));
  expect(sizes).toEqual(expect.arrayContaining([64, 1400, 1401, 1500]));
});

test("where tries run in turn only the most telling are made", async () => {
  const host = start(unconnected(NO_REPLY), () => ({ ok: false, error: "x" }), {
    languageMode: "ConstrainedLanguage",
  });
  await side?.follow(TCP);
  expect(Math.max(...host.batches.map(({ length }) => length))).toBeLessThanOrEqual(6);
});

test("a host that dies in the middle leaves what it reported, and the reason", async () => {
  let left = 3;
  const host = start(unconnected(NO_REPLY), () => {
    left -= 1;
    return left >= 0 ? { status: "no-reply", ok: false, code: "TimedOut" } : null;
  });
  await side?.follow(TCP);
  expect(attempts(host)).toHaveLength(3);
  expect(reported(host).at(-1)).toMatchObject({ by: "powershell", reason: SILENT.reason });
});

test("a run about this machine alone has the host try nothing, and looks for nobody", async () => {
  const host = start(unconnected(NO_REPLY), () => ({}), { command: "env" });
  await side?.follow(TCP);
  await side?.names();
  expect(host.batches).toEqual([]);
  expect(reported(host)).toEqual([]);
});

test("what comes after the end is not reported, and whoever was started is ended", async () => {
  const host = start(unconnected(NO_REPLY), () => ({ status: "no-reply" }));
  const followed = side?.follow(TCP);
  side?.close();
  await followed;
  await new Promise(setImmediate);
  expect(attempts(host)).toEqual([]);
  expect(host.closed()).toBeGreaterThan(0);
});

test("an early end waits for nobody who has not answered", async () => {
  const stop = new AbortController();
  const context = testContext(
    run({ host: vpnHost(), tcp: unconnected(NO_REPLY), udp: [], end: null }),
    undefined,
    stop.signal,
  );
  let settle: (reply: HelperReply) => void = () => undefined;
  const prober = {
    ...({ by: "powershell", languageMode: "FullLanguage", elevated: false } as const),
    ask: () => [new Promise<HelperReply>((resolve) => (settle = resolve))],
    close: () => settle(SILENT),
  };
  side = startHostProbes(
    { find: async () => ({ kind: "prober", prober }), runStartMs: 0 },
    context,
  );
  const followed = side.follow(TCP);
  await new Promise(setImmediate);
  stop.abort();
  await followed;
  expect(context.path().hostProbes).toEqual([]);
});

test("as an administrator the host counts first, and what it counted is reported where the run fails", async () => {
  const counters = JSON.stringify([
    {
      Group: "x",
      Components: [
        {
          Name: "tcpip.sys",
          Counters: [
            {
              Type: "Drops",
              Inbound: {},
              Outbound: { Packets: 3, Bytes: 4500 },
              DropReason: "MTU Mismatch",
            },
          ],
        },
      ],
    },
  ]);
  const host = start(
    unconnected(NO_REPLY),
    ({ ask }) => (ask === "counters" ? { counters } : { ok: ask !== "connect" }),
    { elevated: true },
  );
  await side?.follow(TCP);
  expect(asked(host).at(0)).toEqual(["watch"]);
  expect(asked(host).slice(-2)).toEqual([["counters"], ["unwatch"]]);
  const [drop] = hostDrops(host.context.path());
  expect(drop).toMatchObject({ segment: "windows-stack", packets: 3, reason: "MTU Mismatch" });
});

test("nothing is counted without the privilege, and a refusal is reported", async () => {
  const plain = start(unconnected(NO_REPLY), () => ({ ok: false }));
  await side?.follow(TCP);
  expect(asked(plain).flat()).not.toContain("watch");
  side?.close();
  const refused = start(
    unconnected(NO_REPLY),
    ({ ask }) => (ask === "watch" ? { ok: false, error: "filters of somebody else" } : {}),
    { elevated: true },
  );
  await side?.follow(TCP);
  expect(asked(refused).flat()).not.toContain("counters");
  expect(refused.context.path().hostCounters).toMatchObject({ reason: "filters of somebody else" });
});

test("counting ends unread where the run gets its answer", async () => {
  const host = start(passing("t1"), () => ({}), { elevated: true });
  await side?.follow(TCP);
  await new Promise(setImmediate);
  expect(asked(host).flat()).toContain("unwatch");
  expect(asked(host).flat()).not.toContain("counters");
});

test("without anybody on the host the reason is reported, but for a machine without Windows", async () => {
  for (const [code, count] of [
    ["host-timeout", 1],
    ["not-wsl", 0],
  ] as const) {
    const context = testContext(run({ tcp: unconnected(NO_REPLY), udp: [], end: null }));
    const found: FoundProber = { kind: "none", code, reason: "by hand" };
    side = startHostProbes({ find: async () => found, runStartMs: 0 }, context);
    await side.follow(TCP);
    expect(context.events.filter(({ kind }) => kind === "host-prober")).toHaveLength(count);
  }
});
