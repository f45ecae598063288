// `npm run refusals [-- [--only PART] [--lab PART]]`: traces lab networks with system calls refused, and prints what came of it.

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { createLab, type Lab } from "../../probes/lab/src/lab.ts";
import type { Command } from "../../probes/lab/src/network/namespace.ts";
import { scenarioNamed } from "../../probes/lab/src/scenarios.ts";
import { systemClock } from "../../src/clock.ts";
import { report } from "../../src/schema/report.ts";
import { realLabSystem } from "../builders/lab-system.ts";
import { REFUSALS, type Refusal, seccompFilter } from "../lab/harness/refusals.ts";

const built = (name: string) => fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url));
const program = (name: string): Command => ({ file: process.execPath, args: [built(name)] });
const LAUNCHER = fileURLToPath(new URL("../lab/harness/refusing.mjs", import.meta.url));

const labs = createLab({
  system: realLabSystem,
  clock: systemClock,
  labHost: program("lab/lab-host"),
  labWindows: program("lab/lab-windows"),
});
const { values } = parseArgs({
  options: {
    only: { type: "string" },
    lab: { type: "string", default: "wsl2-healthy,wsl2-vpn,dns-refused" },
    user: { type: "string", default: "root,user" },
    timeout: { type: "string", default: "none,1" },
    keep: { type: "string" },
  },
});
const NOBODY = 65_534;
const AS_USER = [
  "setpriv",
  `--reuid=${NOBODY}`,
  `--regid=${NOBODY}`,
  "--clear-groups",
  "--inh-caps=-all",
];
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
  const { scenario, snapshotFile, caFile } = lab;
  const { file, args } = program("cli");
  const family = scenario.family === null ? [] : [`-${scenario.family}`];
  const argv = [
    ...(user === "user" ? AS_USER : []),
    ...(refusal === null
      ? []
      : [process.execPath, LAUNCHER, seccompFilter([refusal], process.arch).toString("hex")]),
    file,
    ...args,
    scenario.command,
    scenario.target,
    "--once",
    "--json",
    ...scenario.options,
    ...family,
    ...(scenario.command === "dns" ? [] : ["--ca", caFile]),
    ...(timeout === "none" ? [] : ["--timeout", timeout]),
    "--host-snapshot",
    user === "user" ? "none" : snapshotFile,
    ...(values.keep === undefined
      ? []
      : ["--record", `${values.keep}/${scenario.name}.${refusal}.${user}.${timeout}.ndjson`]),
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
