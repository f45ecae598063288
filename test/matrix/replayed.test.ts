// Every recording of the matrix gives the verdict that it was written for.

import { describe, expect, it } from "vitest";
import { differences, type Seen, userDifferences } from "../../probes/lab/src/compare.ts";
import { replayed } from "./replay.ts";
import { resultOf } from "./row.ts";
import { REPLAYED_ROWS } from "./rows.ts";
import { widerCauses } from "./wider-causes.ts";

describe("the recording", () => {
  it.each(REPLAYED_ROWS.flatMap((row) => (row.kind === "replayed" ? [row] : [])))(
    "$scenario.name",
    (row) => {
      const { wrong } = resultOf(row, "root", replayed(row.scenario));
      expect(wrong.map(({ text }) => text)).toEqual([]);
    },
  );
});

describe("a report that differs", () => {
  const [row] = REPLAYED_ROWS.filter(({ scenario }) => scenario.name === "conntrack-full");
  if (row?.kind !== "replayed") throw new Error("there is no such recording");
  const right = replayed(row.scenario);
  const aspects = (seen: Seen) => differences(row.scenario, seen).map(({ aspect }) => aspect);
  const [found] = right.findings;
  if (found === undefined) throw new Error("nothing was found");

  it("in one thing is wrong in that thing", () => {
    expect(aspects({ ...right, verdict: "healthy" })).toEqual(["verdict"]);
    expect(aspects({ ...right, findings: [{ ...found, segment: "nat" }] })).toEqual(["segment"]);
    expect(aspects({ ...right, findings: [{ ...found, direction: "both" }] })).toEqual([
      "direction",
    ]);
    const more = { ...found, cause: "clock-skew", severity: "warning" as const };
    expect(aspects({ ...right, findings: [found, more] })).toEqual(["blame"]);
    const note = { ...found, cause: "gateway-unreachable", severity: "note" as const };
    expect(aspects({ ...right, findings: [found, note] })).toEqual(["blame"]);
  });

  it("is right for a user where it is wider, and wrong where it is healthy or blames another", () => {
    const user = (seen: Seen) => userDifferences(row.scenario, seen, widerCauses).length;
    const wider = { ...found, cause: "port-filtered", segment: null, direction: null };
    expect(user({ ...right, findings: [wider] })).toBe(0);
    expect(user({ ...right, findings: [], verdict: "inconclusive" })).toBe(0);
    expect(user({ ...right, findings: [], verdict: "healthy" })).toBe(1);
    expect(user({ ...right, findings: [{ ...found, cause: "clock-skew" }] })).toBe(1);
    expect(user({ ...right, findings: [{ ...found, segment: "nat" }] })).toBe(1);
  });
});
