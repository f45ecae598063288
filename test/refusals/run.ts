// `npm run refusals [-- [--only NAMES] [--lab NAMES]]`: traces lab networks with system calls refused, and prints what came of it.
//
// Names are separated by commas; several at once are joined by "+". With --golden what came of it is kept in test/recordings: whether
// it is right, or wider, is for the reader.

import os from "node:os";
import { parseArgs } from "node:util";
import type { Lab } from "../../probes/lab/src/lab.ts";
import { scenarioNamed } from "../../probes/lab/src/scenarios.ts";
import { makeReport } from "../../src/report/make.ts";
import { RESTRICTIONS, type Restriction } from "../lab/harness/restricted.ts";
import { traceRestricted } from "../lab/harness/restricted-trace.ts";
import { labs } from "../matrix/live.ts";
import { writeRecording } from "../recordings/files.ts";
import { fixed } from "../recordings/fixed.ts";
import { outcomeOf } from "../recordings/outcome.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    lab: { type: "string", default: "wsl2-healthy,wsl2-vpn,dns-refused" },
    user: { type: "string", default: "root,user" },
    timeout: { type: "string", default: "none,1" },
    family: { type: "string" },
    errno: { type: "string" },
    keep: { type: "string" },
    golden: { type: "boolean", default: false },
  },
});

const chosen: readonly (readonly Restriction[])[] =
  values.only === undefined
    ? [[], ...RESTRICTIONS.map((name) => [name])]
    : values.only.split(",").map(namesOf);

const abort = new AbortController();
process.once("SIGINT", () => abort.abort());
process.once("SIGTERM", () => abort.abort());
for (const name of values.lab.split(",")) {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  const lab = await labs.build(scenario, { signal: abort.signal, notify: () => undefined });
  try {
    for (const restrictions of chosen) {
      for (const user of values.user.split(",")) {
        for (const timeout of values.timeout.split(",")) {
          if (abort.signal.aborted) break;
          process.stdout.write(
            `${name.padEnd(16)} ${restrictions.join("+").padEnd(20)} ${user} ${timeout.padEnd(4)} ${await trace(lab, restrictions, user, timeout)}\n`,
          );
        }
      }
    }
  } finally {
    await lab.dispose();
  }
}

/** @throws for a name that there is none of */
function namesOf(joined: string): readonly Restriction[] {
  return joined.split("+").map((name) => {
    const found = RESTRICTIONS.find((one) => one === name);
    if (found === undefined) throw new Error(`nothing is called ${name}`);
    return found;
  });
}

async function trace(
  lab: Lab,
  restrictions: readonly Restriction[],
  user: string,
  timeout: string,
): Promise<string> {
  const kept = `${values.keep}/${lab.scenario.name}.${restrictions.join("+")}.${user}.${timeout}.ndjson`;
  const started = performance.now();
  const run = await traceRestricted(lab, {
    user: user === "user" ? "user" : "root",
    restrictions,
    ...(values.errno === undefined ? {} : { errno: Number(values.errno) }),
    options: [
      ...(values.family === undefined ? [] : [`-${values.family}`]),
      ...(timeout === "none" ? [] : ["--timeout", timeout]),
      ...(values.keep === undefined ? [] : ["--record", kept]),
    ],
  });
  const s = ((performance.now() - started) / 1000).toFixed(1);
  if (run.report === null) {
    return `NO REPORT exit ${run.exitCode} ${s} s: ${run.stderr.slice(0, 300)}`;
  }
  const { verdict, findings, events } = run.report;
  if (values.golden) {
    const machine = { release: os.release(), hostname: os.hostname() };
    const runs = [fixed(events, machine)];
    const name = `${lab.scenario.name}+${restrictions.join("+")}.${user}`;
    writeRecording(
      name,
      runs,
      runs.map((one) => outcomeOf(makeReport(one))),
    );
  }
  const skipped = events.flatMap((e) =>
    e.kind === "probe-skipped" ? [`${e.probe}: ${e.reason}`] : [],
  );
  return `${verdict} ${findings.map((f) => `${f.cause}/${f.severity}/${f.confidence}/${f.segment}`).join(", ")} exit ${run.exitCode} ${s} s; skipped ${[...new Set(skipped)].join("; ")}`;
}
