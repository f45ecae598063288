// The trace of every recording: an argument without gaps that names what the findings name.

import { describe, expect, it } from "vitest";
import { causeOf } from "../../../../src/diagnosis/causes/list.ts";
import { makeReport } from "../../../../src/report/make.ts";
import { explanation } from "../../../../src/report/text-trace.ts";
import type { Report } from "../../../../src/schema/report.ts";
import type { TraceStep } from "../../../../src/schema/trace-step.ts";
import type { Finding } from "../../../../src/schema/verdict.ts";
import { readEvents, readRecordings } from "../../../recordings/files.ts";

const REPORTS = readRecordings().flatMap(({ files }) =>
  // Several of a name differ by chance alone.
  files.slice(0, 1).map((file) => ({ file, report: makeReport(readEvents(file)) })),
);

describe("the trace of each recording", () => {
  it.each(REPORTS)(
    "$file: each step says something, and rests on events that exist",
    ({ report }) => {
      const ids = new Set(report.events.map(({ id }) => id));
      for (const step of report.trace) {
        for (const text of [step.tried, step.cameBack, step.proves]) expect(text).toMatch(/\S/);
        expect(step.evidence.length).toBeGreaterThan(0);
        expect(step.evidence.filter((id) => !ids.has(id))).toEqual([]);
        expect(JSON.stringify(step)).not.toMatch(/undefined|NaN|\[object/);
      }
      expect(report.trace.map(({ step }) => step)).toEqual(report.trace.map((_, at) => at + 1));
    },
  );

  it.each(REPORTS)("$file: what works comes before what fails", ({ report: { trace } }) => {
    const lastHealthy = trace.findLastIndex(({ result }) => result === "healthy");
    const firstFailing = trace.findIndex(({ result }) => result === "failing");
    if (firstFailing >= 0) expect(lastHealthy).toBeLessThan(firstFailing);
    // Without a network card nothing works, and one that is at fault is only there.
    if (lastHealthy >= 0) expect(["healthy", "context"]).toContain(trace[0]?.result);
  });

  it.each(REPORTS)("$file: the step in which the cause lies does not work", ({ report }) => {
    const root = rootOf(report);
    if (root === undefined) return;
    const works = report.trace.flatMap(({ kind, result, segment }) =>
      result === "healthy" && isAbout(root, kind, segment) ? [kind] : [],
    );
    expect([root.cause, works]).toEqual([root.cause, []]);
  });

  it.each(REPORTS)("$file: it ends with the cause, its place, and a way to check", ({ report }) => {
    const { conclusion } = lastOf(report.trace);
    const root = rootOf(report);
    expect(conclusion?.cause ?? null).toBe(root?.cause ?? null);
    if (root === undefined || conclusion === null) return;
    expect(report.trace.some(({ result }) => result === "failing")).toBe(true);
    expect(report.trace.map(({ kind }) => kind)).toContain("decisive");
    for (const kind of [root.segment ?? [], root.between ?? []].flat()) {
      expect(conclusion.place).toContain(kind);
    }
    expect(conclusion.direction).toBe(root.direction);
    expect(conclusion.fix?.commands ?? []).toEqual(root.fixes[0]?.commands ?? []);
    expect(conclusion.fix === null).toBe(conclusion.mendedBy !== null);
    // Who has to act is told what to send; what is this machine's own has its page.
    expect(conclusion.mendedBy ?? "wsl-trace explain").toContain("wsl-trace explain");
    const isForOthers = /needs the report|holds all/.test(conclusion.mendedBy ?? "");
    expect(conclusion.send !== undefined).toBe(isForOthers);
    expect(conclusion.send ?? "wsl-trace x --report y").toMatch(/^wsl-trace .* --report /);
    expect(conclusion.checks.at(-1)?.command).toMatch(/^wsl-trace (path|dns|mtu|inbound) /);
    const ruledOut = report.trace.flatMap(({ rulesOut }) => rulesOut.map(({ cause }) => cause));
    expect(ruledOut.sort()).toEqual(root.ruledOut.map(({ cause }) => cause).sort());
  });
});

/** By area and place alone: what a reader of the report would say. */
function isAbout(
  { cause, segment, direction }: Finding,
  kind: TraceStep["kind"],
  at: TraceStep["segment"],
): boolean {
  const area = causeOf(cause)?.area;
  if (kind === "route") return area === "route" || cause === "rp-filter-drop";
  if (kind === "resolve") return segment === "resolver";
  if (kind === "tls") return /^tls-|^clock|^captive/.test(cause);
  if (kind === "loss") return cause.endsWith("-loss") || cause === "ecn-lost";
  if (kind === "machine") return segment === "linux-nic";
  if (kind === "hops") return at === segment && at !== "destination";
  return area === "sizes" && kind === `${direction}-size`;
}

function rootOf({ findings }: Report) {
  return findings.find(({ severity }) => severity !== "note");
}

function lastOf(trace: readonly TraceStep[]): TraceStep {
  const last = trace.at(-1);
  if (last === undefined) throw new Error("a trace has a conclusion");
  return last;
}

it("a replay writes the same trace", () => {
  const [first] = REPORTS;
  expect(first).toBeDefined();
  if (first === undefined) return;
  expect(makeReport(readEvents(first.file)).trace).toEqual(first.report.trace);
});

it("the text of a trace is as it was", async () => {
  const named = ["wsl2-vpn.root", "wsl1-nrpt.root", "next-hop-dead.root", "wsl2-healthy.user"];
  for (const name of named) {
    const found = REPORTS.find(({ file }) => file === `${name}.ndjson.gz`);
    const text = found === undefined ? "" : explanation(found.report);
    await expect(text).toMatchFileSnapshot(`golden/${name}.txt`);
  }
});
