// Every recording is diagnosed as its golden says, and every golden has its recordings.

import { describe, expect, it } from "vitest";
import { makeReport } from "../../src/report/make.ts";
import { ROWS } from "../matrix/rows.ts";
import { readEvents, readRecordings, strayFiles } from "./files.ts";
import { outcomeOf } from "./outcome.ts";

const RECORDINGS = readRecordings();

describe("the recording of", () => {
  it.each(RECORDINGS)("$name is diagnosed as it was", ({ files, right }) => {
    const outcomes = files.map((file) => outcomeOf(makeReport(readEvents(file))));
    if (outcomes.length === 1) expect(outcomes).toEqual(right);
    for (const outcome of outcomes) expect(right).toContainEqual(outcome);
    // What no recording shows any more is no golden.
    for (const outcome of right) expect(outcomes).toContainEqual(outcome);
  });
});

it("each scenario has one as root, and a live one has one as an ordinary user", () => {
  const names = new Set(RECORDINGS.map(({ name }) => name));
  const wanted = ROWS.flatMap(({ kind, scenario: { name } }) =>
    kind === "live" ? [`${name}.root`, `${name}.user`] : [`${name}.root`],
  );
  expect(wanted.filter((name) => !names.has(name))).toEqual([]);
});

it("none is there that no golden belongs to, and no golden is without one", () => {
  expect(strayFiles(RECORDINGS)).toEqual([]);
  expect(RECORDINGS.filter(({ files }) => files.length === 0)).toEqual([]);
});
