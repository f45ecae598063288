// Many runs counted, from real recordings, reports and journals in a folder.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isBeside, linesOf, runFiles } from "../../../probes/run-files.ts";
import { type SummaryRequest, summary } from "../../../src/commands/summary.ts";
import { jsonReport } from "../../../src/report/json.ts";
import { makeReport } from "../../../src/report/make.ts";
import type { RunRow } from "../../../src/report/run-tally.ts";
import { readEvents, readRecordingText } from "../../recordings/files.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "wsl-trace-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FILE = "port-filtered.user.ndjson.gz";
const events = readEvents(FILE);
const recording = readRecordingText(FILE);
const note = (at: string, more = {}) =>
  `${JSON.stringify({ kind: "verdict", at, target: "a.example.test", verdict: "healthy", cause: null, reason: "it works", recording: null, ...more })}\n`;
const put = (name: string, text: string) => {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), text);
};

async function summed(request: Partial<SummaryRequest> = {}) {
  let text = "";
  const rows: RunRow[] = [];
  let isRemoved = false;
  const code = await summary(
    { paths: [folder], json: true, exportFile: null, ...request },
    {
      files: runFiles,
      lines: linesOf,
      isBeside,
      openTable: async () => ({
        add: (row) => rows.push(row),
        save: async () => undefined,
        remove: () => {
          isRemoved = true;
        },
      }),
      print: (printed) => {
        text += printed;
      },
    },
  );
  return { code, text, rows, isRemoved };
}

describe("the runs of a folder", () => {
  it("are counted whatever they are kept as, by the machine whose folder they lie in", async () => {
    put("one/run.ndjson", recording);
    put("one/run.json", jsonReport(makeReport(events)));
    put("two/both.ndjson", recording + recording);
    put("two/journal.ndjson", note("2026-11-02T10:00:00Z") + note("2026-11-03T10:00:00Z"));
    put("two/notes.txt", "no run");
    const { code, text } = await summed();
    const read = JSON.parse(text);
    expect(code).toBe(0);
    expect(read).toMatchObject({
      schema: "wsl-trace.summary/1",
      runs: 6,
      machines: 2,
      verdicts: { fault: 4, healthy: 2, degraded: 0, inconclusive: 0 },
      notCounted: { count: 0, named: [] },
    });
    expect(read.causes).toMatchObject([
      { cause: "port-filtered", runs: 4, machines: 2, firstVersion: makeReport(events).version },
    ]);
    expect(read.days.map(({ day }: { day: string }) => day)).toContain("2026-11-03");
  });

  it("are counted once where a journal names a recording that is there too", async () => {
    const named = { verdict: "fault", cause: "port-filtered" };
    put("kept.ndjson", recording);
    put(
      "journal.ndjson",
      note("2026-11-02T10:00:00Z", { ...named, recording: "/elsewhere/kept.ndjson" }) +
        note("2026-11-03T10:00:00Z", { ...named, recording: "/elsewhere/given-up.ndjson" }),
    );
    expect(JSON.parse((await summed()).text)).toMatchObject({ runs: 2, machines: null });
    // Alone, the journal is all that is known.
    const alone = await summed({ paths: [path.join(folder, "journal.ndjson")] });
    expect(JSON.parse(alone.text).runs).toBe(2);
  });

  it("go on behind what cannot be read, which is counted and named", async () => {
    put("a.ndjson", `broken\n${note("2026-11-02T10:00:00Z")}{"kind":"verd`);
    put("b.ndjson", recording.slice(0, recording.length / 2));
    put("c.json", '{\n  "schema": "wsl-trace.report/1"\n}\n');
    const { text } = await summed({ json: false });
    expect(text).toContain("1 run, 2026-11-02 to 2026-11-02");
    expect(text).toContain("not counted: 4");
    expect(text).toContain(`${folder}/a.ndjson:1: `);
    expect(text).toContain(`${folder}/c.json:1: `);
  });

  it("are none where there is none, and that is no success", async () => {
    const { code, text } = await summed({ json: false });
    expect([code, text]).toEqual([3, "no run was found\n"]);
    await expect(summed({ paths: [`${folder}/absent`] })).rejects.toThrow("absent cannot be read");
  });

  it("become rows, which name no target", async () => {
    put("run.ndjson", recording);
    const { rows, isRemoved } = await summed({ exportFile: "runs.parquet" });
    expect(rows).toHaveLength(1);
    expect(Object.keys(rows[0] ?? {}).sort()).toEqual(
      ["at", "cause", "machine", "verdict", "version"].sort(),
    );
    expect(isRemoved).toBe(true);
  });
});
