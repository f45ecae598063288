// Reports as files: what they hold of each recording, what never gets into them, and how long they may become.

import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ENGLISH_TEXTS } from "../../../../src/report/faces/english.ts";
import { faceOf } from "../../../../src/report/faces/face.ts";
import { htmlReport } from "../../../../src/report/html/page.ts";
import { makeReport } from "../../../../src/report/make.ts";
import {
  MOST_CHARACTERS,
  markdownReport,
  READERS,
} from "../../../../src/report/markdown/markdown.ts";
import { HOSTILE, worstReport } from "../../../builders/worst-report.ts";
import { readEvents } from "../../../recordings/files.ts";

const GOLDENS = ["wsl2-vpn.root", "wsl1-nrpt.root", "route-blackhole.user", "wsl2-healthy.user"];
const TARGETS = 8;

describe.each(GOLDENS)("%s", (name) => {
  const whole = makeReport(readEvents(`${name}.ndjson.gz`));
  // Every cause that is added makes the list longer: some of it is enough.
  const known = ["conntrack-full", "captive-portal"];
  const notChecked = whole.notChecked.filter(({ cause }) => known.includes(cause));
  const report = { ...whole, notChecked };

  it("is in Markdown and HTML as it was", async () => {
    for (const extension of ["md", "html"]) {
      await expect(faceOf(`x.${extension}`, [report])).toMatchFileSnapshot(
        // Not as HTML: nobody's source.
        `golden/${name}.${extension}.txt`,
      );
    }
  });

  it("names cause, place and fix for every reader, and fits an issue", () => {
    const { conclusion } = report.trace.at(-1) ?? {};
    for (const reader of READERS) {
      const text = markdownReport([report], reader, ENGLISH_TEXTS);
      expect(text.length).toBeLessThan(MOST_CHARACTERS);
      expect(text).toContain(conclusion?.cause ?? "healthy");
      for (const command of conclusion?.fix?.commands ?? []) expect(text).toContain(command);
    }
  });

  it("has the form's fields in its order", () => {
    const text = faceOf("x.md", [report]);
    const { headings } = ENGLISH_TEXTS;
    const at = [
      headings.windowsVersion,
      headings.wslVersion,
      headings.wslKind,
      headings.kernel,
      headings.distribution,
      headings.software,
      headings.repro,
      headings.expected,
      headings.actual,
      headings.diagnostics,
    ].map((title) => text.indexOf(`\n### ${title}\n`));
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(Math.min(...at)).toBeGreaterThan(text.indexOf("## Verdict"));
  });

  it("is one file of HTML without a script, with anchors that exist", () => {
    expectSound(htmlReport([report], ENGLISH_TEXTS));
  });
});

describe("the worst case", () => {
  const worst = worstReport();
  const reports = Array.from({ length: TARGETS }, () => worst);

  it("stays below what an issue takes, for one target and for eight", () => {
    for (const some of [[worst], reports]) {
      for (const reader of READERS) {
        const text = markdownReport(some, reader, ENGLISH_TEXTS);
        expect(text.length).toBeLessThanOrEqual(MOST_CHARACTERS);
        expect(text.match(/^## Verdict/gm)).toHaveLength(some.length);
        expect((text.match(/^`{3,}/gm) ?? []).length % 2).toBe(0);
      }
    }
  });

  it("stays text, whatever it holds", () => {
    const page = htmlReport(reports, ENGLISH_TEXTS);
    expectSound(page);
    const text = markdownReport([worst], "wsl", ENGLISH_TEXTS);
    const outside = text.replaceAll(/^(`{3,})[^\n]*\n[\s\S]*?^\1$/gm, "");
    expect(outside).not.toMatch(/<img|<!--|@everyone|\[x\]\(/);
    const chart = /```mermaid\n([\s\S]*?)\n```/.exec(text)?.[1] ?? "";
    expect(chart).not.toMatch(/<img|javascript:|click s0 href "/);
    expect(
      chart.split("\n").every((line) => /^(flowchart TB| {2}(s\d+[ [].*|classDef .*))$/.test(line)),
    ).toBe(true);
    expect(HOSTILE).toContain("<img");
  });
});

const VOID = ["meta", "br", "hr", "img", "input", "link"];

/** Tags that match, ids that are there once, links that lead somewhere, nothing that loads or runs. */
function expectSound(page: string): void {
  const open: string[] = [];
  for (const [, close, name = "", rest = ""] of page.matchAll(/<(\/?)([a-z0-9]+)([^>]*)>/g)) {
    if (close === "/") expect(open.pop()).toBe(name);
    else if (!VOID.includes(name) && !rest.endsWith("/")) open.push(name);
    expect(rest).not.toMatch(/\s(on\w+|style|src)=/);
    expect(name).not.toMatch(/^(script|iframe|object|embed|link|base|img|form)$/);
  }
  expect(open).toEqual([]);
  const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const links = [...page.matchAll(/\shref="([^"]*)"/g)].map(([, href]) => href);
  expect(links.filter((href) => !ids.includes(href?.slice(1)))).toEqual([]);
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  expect(page).toContain(`style-src &#39;sha256-${hash}&#39;`.replaceAll("&#39;", "&#39;"));
}

describe("what was watched after the verdict", () => {
  const [name = ""] = GOLDENS;
  const events = readEvents(`${name}.ndjson.gz`);
  const watch = {
    startedAt: "2026-11-30T08:00:00.000Z",
    durationMs: 61_000,
    rounds: 30,
    packetsSent: 120,
    changesLeftOut: 2,
    changes: Array.from({ length: 60 }, (_, n) => ({
      at: `2026-11-30T08:00:${String(n).padStart(2, "0")}.000Z`,
      atMs: n * 1000,
      what: "link" as const,
      subject: HOSTILE,
      before: "up, mtu 1500",
      after: n === 59 ? null : HOSTILE,
    })),
    hops: [
      {
        ttl: 1,
        from: ["192.0.2.1", HOSTILE],
        sent: 30,
        lost: 3,
        lastMs: 1,
        bestMs: 0.5,
        meanMs: 1.25,
        worstMs: 9,
        deviationMs: null,
        jitterMs: 0.25,
      },
    ],
  };
  const report = { ...makeReport(events), watch };

  it.each(["md", "html"])(
    "is in %s: the newest changes, and the rounds of each hop",
    (extension) => {
      const text = faceOf(`x.${extension}`, [report]);
      for (const part of [
        "30 rounds in 61.0 s, 120 packets",
        "08:00:59",
        "3/30",
        "1.3 ms",
        "9.0 ms",
      ]) {
        expect(text).toContain(part);
      }
      expect(text).not.toContain(HOSTILE);
      expect(faceOf(`x.${extension}`, [makeReport(events)])).not.toContain("rounds in");
    },
  );
});
