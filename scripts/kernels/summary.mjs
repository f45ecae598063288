// Runs inside a test kernel: what a report shows of the kernel, in one line. Argument: the report.

import { readFileSync } from "node:fs";

const text = readFileSync(process.argv[2], "utf8");
const report = text === "" ? null : JSON.parse(text);
const ofKind = (kind) => report.events.filter((event) => event.kind === kind);

function summary() {
  const drops = ofKind("kernel-drop").map(({ reason, inferred, symbol, interface: device }) =>
    [`${reason}${inferred ? "?" : ""}`, symbol, device].join(" "),
  );
  const [watch] = ofKind("kernel-watch");
  return {
    verdict: report.verdict,
    causes: report.findings.map(({ cause }) => cause),
    source: watch?.source ?? null,
    stepsDown: watch?.stepsDown ?? [],
    missingHooks: watch?.missingHooks ?? [],
    lost: ofKind("kernel-watch-ended")[0]?.lost ?? null,
    drops: [...new Set(drops)],
  };
}

process.stdout.write(JSON.stringify(report === null ? { verdict: "no report" } : summary()));
