// `wsl-trace report`: what it makes of a recording, of a report, and of something else.

import { expect, it } from "vitest";
import type { ReportRequest } from "../../../src/commands/report.ts";
import { report } from "../../../src/commands/report.ts";
import { jsonReport } from "../../../src/report/json.ts";
import { makeReport } from "../../../src/report/make.ts";
import { redact } from "../../../src/report/redact/redact.ts";
import { readEvents, readRecordingText } from "../../recordings/files.ts";

const FILE = "route-blackhole.user.ndjson.gz";
const RECORDING = readRecordingText(FILE);
const REQUEST: ReportRequest = {
  reader: "wsl",
  outFile: null,
  copy: false,
  lang: "en",
  redaction: { applied: true, target: false },
};

async function run(
  text: string,
  request: Partial<ReportRequest> = {},
  done = true,
  files: readonly string[] = ["x"],
) {
  const printed: string[] = [];
  const copied: string[] = [];
  const notes: string[] = [];
  const written = new Map<string, string>();
  const code = await report(
    files,
    { ...REQUEST, ...request },
    {
      readText: async () => text,
      writeText: async (name, content) => void written.set(name, content),
      print: (line) => printed.push(line),
      copy: async (content) => {
        if (done) copied.push(content);
        return { done, note: done ? "copied" : "too large" };
      },
      newFile: () => "new.md",
      notify: (line) => notes.push(line),
    },
  );
  return { code, printed: printed.join(""), written, copied, notes };
}

it("a recording becomes Markdown, redacted, with the exit code of its verdict", async () => {
  const { code, printed } = await run(RECORDING);
  expect(code).toBe(1);
  expect(printed).toMatch(/^## Verdict: fault\n/);
  expect(printed).toContain("Redacted");
});

it("a redacted report becomes the very same Markdown", async () => {
  const shared = redact(makeReport(readEvents(FILE)), { target: false });
  const { printed } = await run(jsonReport(shared));
  expect(printed).toBe((await run(RECORDING)).printed);
});

it("real names stay on request, and the report says so", async () => {
  const { printed } = await run(RECORDING, { redaction: { applied: false, target: false } });
  expect(printed).toContain("nothing was redacted");
});

it.each([
  ["x.html", /^<!doctype html>/],
  ["x.json", /^\{\n {2}"schema"/],
  ["x.txt", /^wsl-trace: fault/],
  ["x.md", /^## Verdict/],
])("%s is written in its own form", async (outFile, form) => {
  const { printed, written } = await run(RECORDING, { outFile });
  expect(printed).toBe("");
  expect(written.get(outFile)).toMatch(form);
});

it("each reader gets the fields in an order of its own", async () => {
  const texts = await Promise.all(
    (["wsl", "vpn-client", "issue"] as const).map((reader) => run(RECORDING, { reader })),
  );
  expect(new Set(texts.map(({ printed }) => printed)).size).toBe(texts.length);
});

it("the clipboard gets the redacted text, and standard output nothing", async () => {
  const { printed, copied, written, notes } = await run(RECORDING, { copy: true });
  expect([printed, written.size, notes]).toEqual(["", 0, ["copied"]]);
  expect(copied).toEqual([(await run(RECORDING)).printed]);
});

it("what no clipboard takes is in a file that is named", async () => {
  const alone = await run(RECORDING, { copy: true }, false);
  expect(alone.written.get("new.md")).toBe((await run(RECORDING)).printed);
  expect(alone.notes).toEqual(["not copied: too large; the report is in new.md"]);
  const beside = await run(RECORDING, { copy: true, outFile: "x.md" }, false);
  expect([...beside.written.keys()]).toEqual(["x.md"]);
  expect(beside.notes).toEqual(["not copied: too large; the report is in x.md"]);
});

it("real names are never copied", async () => {
  const request = { copy: true, redaction: { applied: false, target: false } };
  await expect(run(RECORDING, request)).rejects.toThrow("leave --no-redact out");
});

it("a report that is none is refused with what to give", async () => {
  await expect(run('{ "schema": "wsl-trace.report/1" }')).rejects.toThrow("give a file");
});

it("several recordings are one report, and a list of reports in JSON is the same one", async () => {
  const json = await run(RECORDING, { outFile: "x.json" }, true, ["a", "b"]);
  const list = json.written.get("x.json") ?? "";
  expect(JSON.parse(list)).toHaveLength(2);
  for (const outFile of ["x.md", "x.html", "x.txt", "x.json"]) {
    const ofBoth = await run(RECORDING, { outFile }, true, ["a", "b"]);
    expect(ofBoth.code).toBe(1);
    expect((await run(list, { outFile })).written).toEqual(ofBoth.written);
  }
  const { printed } = await run(list);
  expect(printed.match(/^## Verdict/gm)).toHaveLength(2);
});

it("a list without a report is refused with what to give", async () => {
  await expect(run('[ { "schema": "wsl-trace.report/1" } ]')).rejects.toThrow("give a file");
});
