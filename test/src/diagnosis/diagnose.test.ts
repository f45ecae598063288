// The verdict as a whole: what it may never say, whatever part of a run is there.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { FINDINGS, isCauseId } from "../../../src/diagnosis/findings.ts";
import { RULES } from "../../../src/diagnosis/rules/index.ts";
import type { EventBody, ProbeEvent } from "../../../src/model/event.ts";
import { fold } from "../../../src/model/reduce.ts";
import { jsonReport } from "../../../src/report/json.ts";
import { exitCodeOf, makeReport } from "../../../src/report/make.ts";
import {
  dnsReply,
  NO_DNS_REPLY,
  numbered,
  pathOf,
  RESOLVER,
  resolverConfig,
  runEnded,
} from "../../builders/events.ts";
import { plainHost, vpnHost } from "../../builders/host.ts";
import { control, hops, NO_REPLY as SILENT, size } from "../../builders/probes.ts";
import { run, sizesAround, vpnBlackhole } from "../../builders/runs.ts";
import {
  hanging,
  healing,
  NO_REPLY,
  passing,
  sweep,
  unconnected,
  upload,
} from "../../builders/tcp.ts";

const silent = [control(), size(1500, SILENT), control(), size(1500, SILENT)];
const RUNS: Readonly<Record<string, readonly EventBody[]>> = {
  healthy: run(),
  "healthy with a VPN": run({ host: vpnHost(), tcp: passing("t1", { received: 1400 }) }),
  "healed at once": run({ tcp: healing("t1", 100, { received: 1400 }) }),
  "inbound black hole": vpnBlackhole(),
  "both directions silent": run({
    host: vpnHost(),
    tcp: [
      ...hanging("t1"),
      ...sweep(1400, sizesAround(1400)),
      ...upload("u1", 1400, true),
      ...upload("u2", 1401, false),
    ],
    udp: silent,
  }),
  "no name": run({
    host: plainHost,
    names: [resolverConfig(), dnsReply(RESOLVER, NO_DNS_REPLY)],
    ...{ lookups: [], tcp: [], udp: [] },
  }),
  "no answer": run({ tcp: unconnected(NO_REPLY), udp: hops([null, null], false) }),
};

const someRun = fc.constantFrom(...Object.values(RUNS));
/** Any part of a run, in any order, each event with the id that it had in the whole. */
const part = someRun.chain((bodies) => fc.shuffledSubarray([...numbered(bodies)]));

/** The default attempt went through every stage that it began, and the answer's first bytes came. */
function gotAnswer(events: readonly ProbeEvent[]): boolean {
  const attempt = fold(events).attempts.findLast(({ purpose }) => purpose === "default");
  return (
    attempt?.stages.some(({ stage, result }) => stage === "http" && result.kind === "ok") === true
  );
}

describe("any part of a run", () => {
  test("is diagnosed without an exception, and every evidence id is one of its events", () => {
    fc.assert(
      fc.property(part, (events) => {
        const { findings, chain } = diagnose(fold(events));
        const ids = new Set(events.map(({ id }) => id));
        const named = [
          ...chain.flatMap(({ evidence }) => evidence),
          ...findings.flatMap((one) => [
            ...one.evidence,
            ...one.ruledOut.flatMap(({ evidence }) => evidence),
          ]),
        ];
        expect(named.filter((id) => !ids.has(id))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("is never healthy beside a fault or a warning, and never before its end", () => {
    fc.assert(
      fc.property(part, (events) => {
        const { verdict, findings } = diagnose(fold(events));
        if (verdict !== "healthy") return;
        expect(findings.filter(({ severity }) => severity !== "note")).toEqual([]);
        expect(events.some(({ kind }) => kind === "run-ended")).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("has a verdict that its first finding bears out", () => {
    fc.assert(
      fc.property(part, (events) => {
        const { verdict, findings } = diagnose(fold(events));
        const [first] = findings;
        if (first?.severity === "fault") expect(verdict).toBe("fault");
        else if (first?.severity === "warning") expect(verdict).toBe("degraded");
        else expect(["healthy", "inconclusive"]).toContain(verdict);
      }),
      { numRuns: 300 },
    );
  });

  test("lists each cause once, as found or as not checked, with confidence within 0 and 1", () => {
    fc.assert(
      fc.property(part, (events) => {
        const { findings, notChecked } = diagnose(fold(events));
        const causes = [...findings, ...notChecked].map(({ cause }) => cause);
        expect(new Set(causes).size).toBe(causes.length);
        expect(causes.every(isCauseId)).toBe(true);
        expect(findings.every(({ confidence: c }) => c >= 0 && c <= 1)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe("whole runs", () => {
  test.each([
    ["healthy", "healthy", 0],
    ["healthy with a VPN", "healthy", 0],
    ["healed at once", "healthy", 0],
    ["inbound black hole", "fault", 1],
    ["both directions silent", "fault", 1],
    ["no name", "fault", 1],
    ["no answer", "inconclusive", 3],
  ] as const)("%s: %s, exit %d", (name, verdict, code) => {
    expect(diagnose(pathOf(...(RUNS[name] ?? []))).verdict).toBe(verdict);
    expect(exitCodeOf(verdict)).toBe(code);
  });

  test("that a signal ended are never healthy, and say which", () => {
    const { verdict, reason } = diagnose(pathOf(...run({ end: runEnded("SIGINT") })));
    expect(verdict).toBe("inconclusive");
    expect(reason).toContain("SIGINT");
  });

  test("that a signal ended keep the fault that they found", () => {
    const stopped = vpnBlackhole().map((event) =>
      event.kind === "run-ended" ? runEnded("SIGTERM") : event,
    );
    expect(diagnose(pathOf(...stopped)).verdict).toBe("fault");
  });

  test("whose default attempt got no answer are not healthy", () => {
    for (const bodies of Object.values(RUNS)) {
      const events = numbered(bodies);
      if (!gotAnswer(events)) expect(diagnose(fold(events)).verdict).not.toBe("healthy");
    }
  });
});

describe("a report", () => {
  test.each(Object.keys(RUNS))(
    "of %s is the same to the byte, again and after a round trip",
    (name) => {
      const events = numbered(RUNS[name] ?? []);
      const once = jsonReport(makeReport(events));
      expect(jsonReport(makeReport(events))).toBe(once);
      const replayed: readonly ProbeEvent[] = JSON.parse(JSON.stringify(events));
      expect(jsonReport(makeReport(replayed))).toBe(once);
      expect(JSON.parse(once).events).toHaveLength(events.length);
    },
  );

  test("does not depend on the order of an event's keys", () => {
    const events = numbered(vpnBlackhole());
    const turned: readonly ProbeEvent[] = JSON.parse(
      JSON.stringify(events, (_key, value: unknown) => {
        const plain = typeof value === "object" && value !== null && !Array.isArray(value);
        return plain && "kind" in value
          ? Object.fromEntries(Object.entries(value).reverse())
          : value;
      }),
    );
    expect(jsonReport(makeReport(turned))).toBe(jsonReport(makeReport(events)));
  });
});

test("every rule has its row, and looks alike only to other rules", () => {
  expect(new Set(RULES.map(({ cause }) => cause)).size).toBe(RULES.length);
  expect(RULES.map(({ cause }) => cause).sort()).toEqual(Object.keys(FINDINGS).sort());
  for (const { cause, lookAlikes } of RULES) {
    expect(lookAlikes.filter((other) => other === cause || !isCauseId(other))).toEqual([]);
  }
});
