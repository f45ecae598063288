// `npm run refusals [-- [--only PART] [--lab PART]]`: traces lab networks with system calls refused, and prints what came of it.

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { execa } from "execa";
import type { Lab } from "../../probes/lab/src/lab.ts";
import { scenarioNamed } from "../../probes/lab/src/scenarios.ts";
import { report } from "../../src/schema/report.ts";
import { REFUSALS, type Refusal, seccompFilter } from "../lab/harness/refusals.ts";
import { AS_USER, commandLine, labs } from "../matrix/live.ts";

const LAUNCHER = fileURLToPath(new URL("../lab/harness/refusing.mjs", import.meta.url));

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    lab: { type: "string", default: "wsl2-healthy,wsl2-vpn,dns-refused" },
    user: { type: "string", default: "root,user" },
    timeout: { type: "string", default: "none,1" },
    keep: { type: "string" },
  },
});
const LIMIT_MS = 30_000;

const names = Object.keys(REFUSALS).filter((name): name is Refusal => name in REFUSALS);
const chosen =
  values.only === undefined ? names : names.filter((n) => values.only?.split(",").includes(n));

const abort = new AbortController();
process.once("SIGINT", () => abort.abort());
process.once("SIGTERM", () => abort.abort());
for (const name of values.lab.split(",")) {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  const lab = await labs.build(scenario, { signal: abort.signal, notify: () => undefined });
  try {
    for (const refusal of [null, ...chosen]) {
      if (refusal === null && values.only !== undefined) continue;
      for (const user of values.user.split(",")) {
        for (const timeout of values.timeout.split(",")) {
          if (abort.signal.aborted) break;
          await lab.flushCaches();
          await lab.prepare();
          process.stdout.write(
            `${name.padEnd(16)} ${(refusal ?? "-").padEnd(20)} ${user} ${timeout.padEnd(4)} ${await trace(lab, refusal, user, timeout)}\n`,
          );
        }
      }
    }
  } finally {
    await lab.dispose();
  }
}

async function trace(
  lab: Lab,
  refusal: Refusal | null,
  user: string,
  timeout: string,
): Promise<string> {
  const launcher =
    refusal === null
      ? []
      : [process.execPath, LAUNCHER, seccompFilter([refusal], process.arch).toString("hex")];
  const kept = `${values.keep}/${lab.scenario.name}.${refusal}.${user}.${timeout}.ndjson`;
  const argv = [
    ...(user === "user" ? AS_USER : []),
    ...launcher,
    ...commandLine(lab, user === "user" ? "user" : "root"),
    ...(timeout === "none" ? [] : ["--timeout", timeout]),
    ...(values.keep === undefined ? [] : ["--record", kept]),
  ];
  const command = lab.vantage.command(argv);
  const started = performance.now();
  const run = await execa(command.file, command.args, {
    stdin: "ignore",
    reject: false,
    timeout: LIMIT_MS,
    killSignal: "SIGKILL",
  });
  const s = ((performance.now() - started) / 1000).toFixed(1);
  if (!run.stdout)
    return `NO REPORT exit ${run.exitCode ?? run.signal} ${s} s: ${run.stderr.slice(0, 300)}`;
  const { verdict, findings, events } = report.parse(JSON.parse(run.stdout));
  const skipped = events.flatMap((e) =>
    e.kind === "probe-skipped" ? [`${e.probe}: ${e.reason}`] : [],
  );
  return `${verdict} ${findings.map((f) => `${f.cause}/${f.severity}/${f.confidence}/${f.segment}`).join(", ")} exit ${run.exitCode} ${s} s; skipped ${[...new Set(skipped)].join("; ")}`;
}
