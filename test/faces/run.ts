// `npm run faces [-- PART]`: reports as HTML and Markdown of some recordings in a real browser, narrow and wide, light and
// dark: what axe-core finds, what does not fit, what is asked of the network, what is shown, and whether each chart parses.

import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { faceOf } from "../../src/report/faces/face.ts";
import { languageOf } from "../../src/report/languages.ts";
import { makeReport } from "../../src/report/make.ts";
import { redact } from "../../src/report/redact/redact.ts";
import type { Report } from "../../src/schema/report.ts";
import { worstReport } from "../builders/worst-report.ts";
import { readEvents } from "../recordings/files.ts";
import { lookAt, missingBrowser, openBrowser, parseCharts, type View } from "./browser.ts";

const RECORDINGS = [
  "wsl2-vpn.root",
  "wsl1-nrpt.root",
  "wsl2-healthy.user",
  "route-blackhole.user",
  "balanced-inbound-limit-reported.root",
];
const VIEWS: readonly View[] = [360, 1400].flatMap((width) =>
  (["light", "dark"] as const).map((colorScheme) => ({ width, colorScheme })),
);

interface Face {
  readonly name: string;
  readonly report: Report;
  readonly html: string;
  readonly markdown: string;
}

const [part = ""] = process.argv.slice(2);
const missing = missingBrowser();
if (missing !== null) {
  process.stderr.write(`${missing}\n`);
  process.exitCode = 1;
} else {
  const faces = (await allFaces()).filter(({ name }) => name.includes(part));
  const problems = await lookAtAll(faces);
  process.stdout.write(problems === 0 ? "nothing is wrong\n" : `${problems} problems\n`);
  if (problems > 0) process.exitCode = 1;
}

async function allFaces(): Promise<readonly Face[]> {
  const recorded = RECORDINGS.map((name) => ({
    name,
    report: redact(makeReport(readEvents(`${name}.ndjson.gz`)), { target: false }),
  }));
  const chinese = await languageOf("zh");
  const all = [...recorded, { name: "worst", report: worstReport() }];
  return all.flatMap(({ name, report }) =>
    [undefined, chinese].map((language) => ({
      name: language === undefined ? name : `${name}.zh`,
      report,
      html: faceOf("x.html", [report], { language }),
      markdown: faceOf("x.md", [report], { language }),
    })),
  );
}

/** Prints a row for each view of each face, and what is wrong below it. */
async function lookAtAll(faces: readonly Face[]): Promise<number> {
  const folder = fileURLToPath(new URL("../../node_modules/.cache/faces/pages", import.meta.url));
  mkdirSync(folder, { recursive: true });
  const browser = await openBrowser();
  let problems = 0;
  const say = (lines: readonly string[]) => {
    problems += lines.length;
    for (const line of lines) process.stdout.write(`    ${line}\n`);
  };
  try {
    for (const { name, report, html } of faces) {
      const file = `${folder}/${name}.html`;
      writeFileSync(file, html);
      for (const view of VIEWS) {
        const picture = `${folder}/${name}.${view.width}.${view.colorScheme}.png`;
        const look = await lookAt(browser, file, view, picture);
        const { violations, overflow, requests } = look;
        const absent = expectedIn(report).filter((text) => !look.text.includes(text));
        const title = `${name.padEnd(40)} ${String(view.width).padStart(4)} ${view.colorScheme.padEnd(5)}`;
        process.stdout.write(
          `${title} axe ${violations.length}, overflow ${overflow}, requests ${requests.length}, not shown ${absent.length}\n`,
        );
        say([
          ...violations,
          ...(overflow > 0 ? [`${overflow} px wider than the window`] : []),
          ...requests.map((url) => `asked for ${url}`),
          ...absent.map((text) => `not shown: ${text}`),
        ]);
      }
    }
    const charts = faces.map(({ markdown }) => /```mermaid\n([\s\S]*?)\n```/.exec(markdown)?.[1]);
    const parsed = await parseCharts(
      browser,
      charts.map((chart) => chart ?? ""),
    );
    for (const [at, { name }] of faces.entries()) {
      process.stdout.write(
        `${name.padEnd(40)} chart ${parsed[at] === null ? "parses" : "fails"}\n`,
      );
      say(parsed[at] == null ? [] : [parsed[at]]);
    }
  } finally {
    await browser.close();
  }
  process.stdout.write(`pages and pictures: ${folder}\n`);
  return problems;
}

/** The cause, its first command, and every segment of the chain that is drawn is in words somewhere. */
function expectedIn({ trace, chain }: Report): readonly string[] {
  const { conclusion } = trace.at(-1) ?? { conclusion: null };
  const [last] = chain.slice(-1);
  return [
    ...(conclusion?.cause == null ? [] : [conclusion.cause]),
    ...(conclusion?.fix?.commands.slice(0, 1) ?? []),
    ...(last === undefined ? [] : [last.kind]),
  ];
}
