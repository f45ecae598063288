// A run is lost to none of its pieces: to a probe that fails, and to one that never ends.

import { describe, expect, test } from "vitest";
import { TraceError } from "../../src/errors.ts";
import type { ProbeContext } from "../../src/probe.ts";
import { runLimitMs } from "../../src/run-limit.ts";
import { control } from "../builders/probes.ts";
import { runTrace } from "../builders/scripted-run.ts";
import { unconnected } from "../builders/tcp.ts";

describe("a probe that fails", () => {
  const failing = (error: Error) => ({
    during: (step: string) => {
      if (step === "udp") throw error;
    },
  });

  test("costs the run that probe alone, and is listed with its reason", async () => {
    const { recorded, steps, last } = await runTrace(failing(new Error("by hand")));
    expect(recorded).toContainEqual(
      expect.objectContaining({ kind: "probe-skipped", probe: "udp", reason: "by hand" }),
    );
    expect(steps).toEqual(expect.arrayContaining(["controls", "loss", "kernel off"]));
    expect(last).toMatchObject({ finished: true });
    expect(recorded.at(-1)).toMatchObject({ kind: "run-ended", interrupted: null });
  });

  test.each([true, false])(
    "with what stops the tool ends the run with it, watched: %s",
    async (live) => {
      const error = new TraceError("by-hand", "by hand");
      await expect(runTrace(failing(error), { live })).rejects.toThrow("by hand");
    },
  );
});

describe("a probe that never ends", () => {
  const NEVER = new Promise<void>(() => undefined);

  test.each([
    { live: true, step: "udp" },
    { live: false, step: "udp" },
    { live: false, step: "links" },
  ] as const)(
    "is left behind at the limit, with what was found: $step, watched: $live",
    async ({ live, step }) => {
      const { recorded, last, steps } = await runTrace(
        { hangs: { [step]: () => NEVER } },
        { live },
      );
      expect(recorded.at(-1)).toMatchObject({
        kind: "run-ended",
        interrupted: "at its limit of 90 s",
      });
      expect(last).toMatchObject({ finished: true, diagnosis: { verdict: "inconclusive" } });
      expect(last?.diagnosis.reason).toContain("limit of 90 s");
      expect(steps).toContain("host closed");
      const { durationMs } = recorded.findLast((event) => event.kind === "run-ended") ?? {};
      expect(durationMs).toBeLessThan(100_000);
    },
  );

  test("takes nothing from what was found before it", async () => {
    const refused = unconnected({ kind: "failed", code: "ECONNREFUSED", detail: "reset" });
    const { last } = await runTrace({ tcp: refused, hangs: { loss: () => NEVER } });
    expect(last?.diagnosis).toMatchObject({ verdict: "fault" });
  });

  test("is not waited for when the user ends the run", async () => {
    const stop = new AbortController();
    const during = (step: string) => {
      if (step === "controls") stop.abort(new Error("SIGINT"));
    };
    const { recorded } = await runTrace(
      { during, hangs: { "outbound-tcp": () => NEVER } },
      { signal: stop.signal },
    );
    const ended = recorded.at(-1);
    expect(ended).toMatchObject({ kind: "run-ended", interrupted: "SIGINT" });
    expect(ended?.atMs).toBeLessThan(10_000);
  });

  test("and reports late, adds nothing to a run that is over", async () => {
    let late: () => void = () => undefined;
    const hangs = {
      "outbound-tcp": (context: ProbeContext) => {
        late = () => context.emit(control());
        return NEVER;
      },
    };
    const { recorded } = await runTrace({ hangs });
    const before = recorded.length;
    late();
    expect(recorded).toHaveLength(before);
  });
});

test("what the user asks for beside the usual has its own time", () => {
  const usual = { timeoutMs: null, flows: 1 };
  expect(runLimitMs(usual, undefined)).toBe(90_000);
  expect(runLimitMs(usual, "mtu")).toBe(180_000);
  expect(runLimitMs({ timeoutMs: 20_000, flows: 1 }, undefined)).toBe(150_000);
  expect(runLimitMs({ timeoutMs: null, flows: 9, rate: 10 }, "path")).toBe(230_000);
});
