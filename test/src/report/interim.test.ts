// What a pipe is told while a run waits: in the language that was asked for.

import { describe, expect, it } from "vitest";
import { pathOf } from "../../../src/model/reduce.ts";
import { comparisonText } from "../../../src/report/compare.ts";
import { diagnosisOf } from "../../../src/report/diagnosis.ts";
import { interimText } from "../../../src/report/interim.ts";
import { languageOf } from "../../../src/report/languages.ts";
import { makeReport } from "../../../src/report/make.ts";
import { readEvents } from "../../recordings/files.ts";
import { empty } from "../../ui/sample-snapshots.ts";

const path = pathOf(readEvents("wsl2-vpn.root.ndjson.gz"));
const waiting = {
  ...empty,
  path,
  diagnosis: diagnosisOf(path),
  address: "192.0.2.80",
  elapsedMs: 5210,
  awaitedUntilMs: 30_000,
};
const CHINESE = await languageOf("zh");
const [fix] = waiting.diagnosis.findings[0]?.fixes ?? [];

describe("while a hang is awaited", () => {
  it("the verdict so far, its place, the fix and what is awaited are said", async () => {
    await expect(interimText(waiting)).toMatchFileSnapshot("text/interim.txt");
  });

  it("all of it is in Chinese under --lang zh, with the same commands", async () => {
    const text = interimText(waiting, CHINESE);
    for (const command of fix?.commands ?? [""]) expect(text).toContain(`$ ${command}\n`);
    await expect(text).toMatchFileSnapshot("text/interim.zh.txt");
  });

  it.each([undefined, CHINESE])("without a cause nothing is said of one", (language) => {
    const text = interimText({ ...empty, elapsedMs: 900 }, language);
    expect(text).not.toMatch(/undefined|null|\[object/);
    expect(text.trimEnd().split("\n")).toHaveLength(2);
  });
});

it("several targets are compared in Chinese, row by row as in English", () => {
  const files = ["wsl2-vpn.root", "wsl2-healthy.root", "routing-loop.root"];
  const reports = files.map((name) => makeReport(readEvents(`${name}.ndjson.gz`)));
  const rows = (text: string) => text.split("\n").filter((line) => /^ {2}\S/.test(line));
  const chinese = rows(comparisonText(reports, CHINESE.comparison));
  expect(chinese).toHaveLength(rows(comparisonText(reports)).length);
  expect(chinese.filter((line) => /[a-z]+ [a-z]+ [a-z]+/.test(line))).toEqual([]);
});
