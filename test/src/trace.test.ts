// The use case: the order of the probes, what is recorded, and how a run ends.

import { describe, expect, test } from "vitest";
import type { Probe } from "../../src/probe.ts";
import type { EventBody } from "../../src/schema/event.ts";
import { BEHIND_NAT, hostSnapshot, lookup, resolverConfig, TARGET } from "../builders/events.ts";
import { RESOLVED, sizesAround } from "../builders/runs.ts";
import { runTrace } from "../builders/scripted-run.ts";
import { hanging, sweep, unconnected } from "../builders/tcp.ts";

describe("a run", () => {
  test("reads, resolves, looks up routes, connects, and only then sends anything large", async () => {
    const { steps } = await runTrace({});
    const beside = ["guest", "host", "host followed"];
    expect(
      steps.filter((step) => !/ (done|concluded)$/.test(step) && !beside.includes(step)),
    ).toEqual([
      "links",
      "resolve",
      "kernel on",
      "trust",
      "route before",
      "tcp",
      "udp",
      "controls",
      "outboundTcp",
      "candidateSizes",
      "hopSizes",
      "loss",
      "route after",
      "kernel off",
      "host closed",
    ]);
    expect(steps).toEqual(expect.arrayContaining(beside));
    expect(steps.slice(steps.indexOf("outboundTcp"))).toEqual(
      expect.arrayContaining(["tcp done", "route after"]),
    );
    expect(steps.indexOf("tcp done")).toBeLessThan(steps.indexOf("route after"));
    expect(steps).toContain("resolve done");
  });

  test("connects while Windows is still asked, and sends no sizes before it has answered", async () => {
    const { steps } = await runTrace({ hostMs: 5000 });
    expect(steps.indexOf("host")).toBeGreaterThan(steps.indexOf("tcp"));
    expect(steps.indexOf("host")).toBeLessThan(steps.indexOf("udp"));
  });

  test("lets the resolvers listen on unless the address that they gave has answered", async () => {
    expect((await runTrace({})).steps).toContain("resolve concluded");
    const refused = unconnected({ kind: "failed", code: "ECONNREFUSED", detail: "reset" });
    expect((await runTrace({ tcp: refused })).steps).not.toContain("resolve concluded");
  });

  test("about names ends with them, and concludes nothing", async () => {
    const { steps, last } = await runTrace({ command: "dns" });
    expect(steps.toSorted()).toEqual(
      ["links", "guest", "host", "resolve", "resolve done", "host closed"].toSorted(),
    );
    expect(last).toMatchObject({ diagnosis: { verdict: "healthy", pmtu: {} } });
    expect(last?.diagnosis.chain.map(({ kind }) => kind)).toEqual(["resolver"]);
  });

  test("records every event in order, from run-started to run-ended", async () => {
    const { recorded } = await runTrace({});
    expect(recorded[0]).toMatchObject({ id: "e1", kind: "run-started", atMs: 0 });
    expect(recorded.at(-1)).toMatchObject({ kind: "run-ended", interrupted: null });
    expect(recorded.map(({ id }) => id)).toEqual(recorded.map((_, n) => `e${n + 1}`));
    expect(recorded.every(({ atMs }, n) => atMs >= (recorded[n - 1]?.atMs ?? 0))).toBe(true);
  });

  test("without an address connects to nothing and still waits for the resolvers", async () => {
    const { steps, last } = await runTrace({ names: [] });
    expect(steps).toEqual([
      "links",
      "guest",
      "resolve",
      "resolver path",
      "host",
      "host names",
      "resolve done",
      "host closed",
    ]);
    expect(last).toMatchObject({ finished: true, address: null });
  });

  test("ends with one finished snapshot that holds the diagnosis", async () => {
    const { snapshots, last } = await runTrace({});
    expect(snapshots).toHaveLength(1);
    expect(last).toMatchObject({
      finished: true,
      activity: null,
      address: TARGET,
      diagnosis: { verdict: "healthy" },
    });
    expect(last?.packetsSent).toBeGreaterThan(0);
  });

  test("that is watched shows what it does, and is finished once, at its end", async () => {
    const { snapshots } = await runTrace({}, { live: true });
    expect(snapshots.map(({ activity }) => activity)).toContain(
      "waiting whether the hang recovers",
    );
    expect(snapshots.filter(({ finished }) => finished)).toHaveLength(1);
    expect(snapshots.at(-1)?.finished).toBe(true);
    expect(snapshots.slice(0, -1).every(({ diagnosis }) => diagnosis.verdict !== "healthy")).toBe(
      true,
    );
  });
});

describe("a run whose inbound size is known while its hang may recover", () => {
  const isOfEnd = (event: EventBody) =>
    (event.kind === "tcp-ended" || event.kind === "tcp-stage") &&
    event.attempt === "t1" &&
    event.sinceStartMs > 100;
  const tcp = [...hanging("t1"), ...sweep(1400, sizesAround(1400))].filter((one) => !isOfEnd(one));

  test("is shown once before its end where nobody watches, with until when it waits", async () => {
    const { snapshots } = await runTrace({ tcp });
    expect(snapshots.map(({ finished }) => finished)).toEqual([false, true]);
    expect(snapshots[0]).toMatchObject({ diagnosis: { verdict: "fault" } });
    expect(snapshots[0]?.awaitedUntilMs).toBeGreaterThan(3000);
  });

  test.each([
    ["about sizes", { tcp, command: "mtu" }],
    ["with --no-wait", { tcp, options: { awaitRecovery: false } }],
  ] as const)("does not wait %s, and says so", async (_, script) => {
    const { steps, snapshots, last } = await runTrace(script);
    expect(steps).toContain("tcp concluded");
    expect(snapshots).toHaveLength(1);
    expect(last?.diagnosis.verdict).toBe("fault");
    expect(last?.diagnosis.reason).toContain("not awaited");
  });

  test("waits where the size is open: something else may stop it", async () => {
    const { steps, snapshots } = await runTrace({
      tcp: hanging("t1").filter((one) => !isOfEnd(one)),
      options: { awaitRecovery: false },
    });
    expect(steps).not.toContain("tcp concluded");
    expect(snapshots).toHaveLength(1);
  });
});

test("a name server that is silent so far is shown as the fault before the run's end", async () => {
  const server = "203.0.113.53";
  const { outcome: route } = lookup(BEHIND_NAT);
  const look: Probe = async ({ emit }) => {
    emit({ kind: "resolver-way", server, family: 4, route });
  };
  const { snapshots, recorded } = await runTrace({
    names: [resolverConfig([server])],
    hangs: { "resolver-path": look },
  });
  expect(snapshots.map(({ finished }) => finished)).toEqual([false, true]);
  expect(snapshots[0]?.diagnosis.findings[0]?.cause).toBe("dns-server-unreachable");
  expect(snapshots[0]?.awaitedUntilMs).toBe(10_000);
  // Nothing is recorded that has not been seen.
  expect(recorded.some(({ kind }) => kind === "dns-reply")).toBe(false);
});

describe("a run that is ended early", () => {
  test("stops before it connects, and its recording holds the reason", async () => {
    const stop = new AbortController();
    const during = (step: string) => {
      if (step === "resolve") stop.abort(new Error("SIGTERM"));
    };
    const { steps, recorded, last } = await runTrace({ during }, { signal: stop.signal });
    expect(steps).not.toContain("tcp");
    expect(recorded.at(-1)).toMatchObject({ kind: "run-ended", interrupted: "SIGTERM" });
    expect(last?.diagnosis).toMatchObject({ verdict: "inconclusive" });
  });

  test("by a reason that is no Error still has its name", async () => {
    const stop = new AbortController();
    stop.abort("q");
    const { recorded } = await runTrace({}, { signal: stop.signal });
    expect(recorded.at(-1)).toMatchObject({ interrupted: "q" });
  });
});

test("times are kept to the microsecond, and a snapshot of the host as it is", async () => {
  const names = [{ ...lookup(), kind: "unreadable" as const, what: "x", reason: "y" }];
  const exact = hostSnapshot({ schema: "wsl-trace.host/1", sources: { x: { ms: 0.123456789 } } });
  const { recorded } = await runTrace({ names: [...names, ...RESOLVED], tcp: [exact] });
  const host = recorded.findLast(({ kind }) => kind === "host-snapshot");
  expect(JSON.stringify(host)).toContain("0.123456789");
});
