// `wsl-trace diff`: what it reads, prints and writes, and its exit codes.

import { expect, it } from "vitest";
import { type DiffRequest, diff } from "../../../src/commands/diff.ts";
import { jsonReport } from "../../../src/report/json.ts";
import { makeReport } from "../../../src/report/make.ts";
import { redact } from "../../../src/report/redact/redact.ts";
import { readEvents, readRecordingText } from "../../recordings/files.ts";

const HEALTHY = "wsl2-healthy.root.ndjson.gz";
const VPN = "wsl2-vpn.root.ndjson.gz";

async function run(before: string, after: string, request: Partial<DiffRequest> = {}) {
  const printed: string[] = [];
  const written = new Map<string, string>();
  const texts = new Map([
    ["before", before],
    ["after", after],
  ]);
  const redaction = { applied: true, target: false };
  const code = await diff(
    { before: "before", after: "after", json: false, outFile: null, redaction, ...request },
    {
      readText: async (name) => texts.get(name) ?? "",
      writeText: async (name, content) => void written.set(name, content),
      print: (text) => printed.push(text),
    },
  );
  return { code, text: printed.join(""), written };
}

const healthy = readRecordingText(HEALTHY);
const vpn = readRecordingText(VPN);

it("ends with 0 where nothing that matters changed, and with 1 where something did", async () => {
  expect((await run(vpn, vpn)).code).toBe(0);
  expect((await run(healthy, vpn)).code).toBe(1);
});

it("takes a recording and the report of another", async () => {
  const report = jsonReport(makeReport(readEvents(VPN)));
  expect((await run(healthy, report)).text).toBe((await run(healthy, vpn)).text);
});

it("what is no run is refused, with what to give", async () => {
  await expect(run(healthy, "notes")).rejects.toMatchObject({ exitCode: 2 });
  await expect(run('{ "schema": "wsl-trace.report/1" }', vpn)).rejects.toMatchObject({
    code: "report-unreadable",
    exitCode: 2,
  });
});

it("JSON is redacted and says so, and not on request", async () => {
  const { text } = await run(healthy, vpn, { json: true });
  const own = { json: true, redaction: { applied: false, target: false } };
  expect(JSON.parse(text)).toMatchObject({ schema: "wsl-trace.diff/1", redacted: "together" });
  expect(JSON.parse((await run(healthy, vpn, own)).text)).not.toHaveProperty("redacted");
});

it("a redacted report is compared with the other as redacted", async () => {
  const report = jsonReport(redact(makeReport(readEvents(VPN)), { target: false }));
  const { code, text } = await run(vpn, report);
  expect(code).toBe(0);
  expect(text).toContain("numbered in each run by itself");
});

it.each([
  ["x.md", /^## \d+ changes/],
  ["x.txt", /^wsl-trace diff/],
  ["x.json", /^\{\n {2}"schema": "wsl-trace.diff\/1"/],
])("%s is written in its own form, beside what is printed", async (outFile, form) => {
  const { text, written } = await run(healthy, vpn, { outFile });
  expect(written.get(outFile)).toMatch(form);
  expect(text).toMatch(/^wsl-trace diff/);
});
