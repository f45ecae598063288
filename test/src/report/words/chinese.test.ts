// Reports in Chinese: two recordings whole, every title and fix, and what is still in English.

import { describe, expect, it } from "vitest";
import { CAUSES } from "../../../../src/diagnosis/causes/list.ts";
import { explanationIn, faceOf } from "../../../../src/report/faces/face.ts";
import { languageOf } from "../../../../src/report/languages.ts";
import { makeReport } from "../../../../src/report/make.ts";
import { APPLICATION_SENTENCES } from "../../../../src/report/words/application.ts";
import { HOST_SENTENCES } from "../../../../src/report/words/host.ts";
import { IPV6_SENTENCES } from "../../../../src/report/words/ipv6.ts";
import { NAME_SENTENCES } from "../../../../src/report/words/names.ts";
import { PROXY_SENTENCES } from "../../../../src/report/words/proxy.ts";
import { REACH_SENTENCES } from "../../../../src/report/words/reach.ts";
import { RESOLVER_FILE_SENTENCES } from "../../../../src/report/words/resolver-file.ts";
import { ROUTE_SENTENCES } from "../../../../src/report/words/route.ts";
import { SIZE_SENTENCES } from "../../../../src/report/words/sizes.ts";
import { STACK_SENTENCES } from "../../../../src/report/words/stack.ts";
import { WEB_SENTENCES } from "../../../../src/report/words/web.ts";
import { WSL_DNS_SENTENCES } from "../../../../src/report/words/wsl-dns.ts";
import { WSL_NETWORK_SENTENCES } from "../../../../src/report/words/wsl-network.ts";
import { chineseSentence } from "../../../../src/report/words/zh/language.ts";
import { readEvents, readRecordings } from "../../../recordings/files.ts";

const CHINESE = await languageOf("zh");
const HAN = /\p{Script=Han}/u;

describe.each(["wsl1-nrpt.root", "wsl2-vpn.root"])("%s", (name) => {
  const report = makeReport(readEvents(`${name}.ndjson.gz`));

  it("is in Chinese as it was, as text and as Markdown", async () => {
    const known = ["conntrack-full", "captive-portal"];
    const notChecked = report.notChecked.filter(({ cause }) => known.includes(cause));
    const text = explanationIn(CHINESE, { ...report, notChecked });
    await expect(text).toMatchFileSnapshot(`golden/${name}.zh.txt`);
    const markdown = faceOf("x.md", [report], { language: CHINESE });
    const [shown] = markdown.split("<details>");
    await expect(shown).toMatchFileSnapshot(`golden/${name}.zh.md.txt`);
  });

  it("has the same commands, ids and causes", () => {
    const other = makeReport(report.events, CHINESE.of);
    const plain = ({ trace, findings }: typeof report) => [
      trace.map(({ step, kind, result, segment, evidence, conclusion }) => ({
        step,
        kind,
        result,
        segment,
        evidence,
        cause: conclusion?.cause,
        commands: conclusion?.fix?.commands,
        checks: conclusion?.checks.map(({ command }) => command),
      })),
      findings.map(({ cause, fixes }) => [cause, fixes.map(({ commands }) => commands)]),
    ];
    expect(plain(other)).toEqual(plain(report));
    expect(other.reason).toMatch(HAN);
    expect(faceOf("x.html", [report], { language: CHINESE })).toContain('<html lang="zh-CN">');
  });
});

it("every cause has a title, each another one", () => {
  const titles = CAUSES.map(({ id }) => CHINESE.of.title(id));
  expect(titles.filter((title) => !HAN.test(title))).toEqual([]);
  expect(new Set(titles).size).toBe(CAUSES.length);
});

it("every step and fix of some recordings has its sentences", () => {
  // All of them take seconds, and are told by the same few phrases.
  for (const { files } of readRecordings().filter((_, at) => at % 4 === 0)) {
    for (const file of files.slice(0, 1)) {
      const { trace, findings } = makeReport(readEvents(file), CHINESE.of);
      const titles = findings.flatMap(({ fixes }) => fixes.map(({ title }) => title));
      const own = trace.flatMap(({ kind, tried, proves }) =>
        kind === "decisive" || kind === "also" ? [tried] : [tried, proves],
      );
      const isOpen = trace.at(-1)?.conclusion?.cause == null;
      const said = isOpen ? own.slice(0, -1) : own;
      expect([file, [...titles, ...said].filter((text) => !HAN.test(text))]).toEqual([file, []]);
      expect(JSON.stringify(trace)).not.toMatch(/undefined|NaN|\[object/);
    }
  }
});

it("the causes that have English sentences left are listed", async () => {
  const english: Readonly<Record<string, object>> = {
    ...APPLICATION_SENTENCES,
    ...HOST_SENTENCES,
    ...IPV6_SENTENCES,
    ...NAME_SENTENCES,
    ...PROXY_SENTENCES,
    ...REACH_SENTENCES,
    ...RESOLVER_FILE_SENTENCES,
    ...ROUTE_SENTENCES,
    ...SIZE_SENTENCES,
    ...STACK_SENTENCES,
    ...WEB_SENTENCES,
    ...WSL_DNS_SENTENCES,
    ...WSL_NETWORK_SENTENCES,
  };
  const partly = Object.entries(english).flatMap(([cause, sentences]) =>
    Object.keys(sentences).some((key) => chineseSentence(cause, { of: "cause", key }) === undefined)
      ? [cause]
      : [],
  );
  // By cause, so that a sentence more in one of them is no work here.
  await expect(`${partly.sort().join("\n")}\n`).toMatchFileSnapshot("golden/partly-english.txt");
});
