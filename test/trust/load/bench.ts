// The table of runs on a machine that has little left: no verdict is wrong, and a size that is called exact is.

import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { Lab } from "../../../probes/lab/src/lab.ts";
import { report as schema } from "../../../src/schema/report.ts";
import type { RestrictedRun } from "../../lab/harness/restricted-trace.ts";
import { AS_USER, commandLine } from "../../matrix/live.ts";
import { countsOf, inLab, type Judged, judged } from "../judged.ts";
import type { Part } from "../part.ts";
import { CIRCUMSTANCES, type Circumstance, startLoops } from "./circumstances.ts";
import { droppedRequests, withDroppedRequests } from "./dropped-requests.ts";

const LABS = ["wsl2-healthy", "wsl2-vpn"];
const RUNS = 2;
/** Beyond the limit of the run itself (src/run-limit.ts): a hang. */
const LIMIT_MS = 240_000;

export interface Loaded extends Judged {
  readonly circumstance: string;
  /** Sizes inbound that are called exact: right ones, and wrong ones. */
  readonly exact: boolean | null;
}

export const LOAD: Part = {
  name: "load",
  what: "runs on a machine that has little left",
  run: async ({ only, runs = RUNS, keep, signal, tell }) => {
    const chosen = CIRCUMSTANCES.filter(({ name }) => name.includes(only));
    const done: Loaded[] = [];
    for (const name of LABS) {
      await inLab(name, signal, async (lab) => {
        for (const circumstance of chosen) {
          for (let n = 0; n < runs && !signal.aborted; n += 1) {
            const came = await loaded(lab, circumstance, keep);
            done.push(...came);
            tell(
              `${name} ${circumstance.name}: ${came.map(({ outcome, said }) => `${outcome} (${said})`).join("; ")}`,
            );
          }
        }
      });
    }
    return {
      table: [
        "| circumstances | runs | right | inconclusive | wrong | exact sizes | of them wrong |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        ...chosen.map((one) => lineOf(one, done)),
      ],
      wrong: done.filter(isWrong).map(({ circumstance, said }) => `${circumstance}: ${said}`),
    };
  },
};

function lineOf({ name, what }: Circumstance, all: readonly Loaded[]): string {
  const own = all.filter(({ circumstance }) => circumstance === name);
  const exact = own.filter((one) => one.exact !== null);
  const cells = [
    what,
    own.length,
    ...countsOf(own),
    exact.length,
    exact.filter((one) => one.exact === false).length,
  ];
  return `| ${cells.join(" | ")} |`;
}

/** One run, or as many at once as the circumstances say. */
export async function loaded(
  lab: Lab,
  circumstance: Circumstance,
  keep?: string,
): Promise<readonly Loaded[]> {
  const { name, atOnce = 1, loopsPerCore = 0 } = circumstance;
  await lab.flushCaches();
  await lab.prepare();
  const stop = startLoops(loopsPerCore);
  try {
    const droppedBefore = await droppedRequests(lab);
    const runs = await Promise.all(
      Array.from({ length: atOnce }, async () => {
        const recording = keep === undefined ? null : recordingIn(keep, lab.scenario.name);
        return { recording, run: await traced(lab, circumstance, recording) };
      }),
    );
    const dropped = (await droppedRequests(lab)) - droppedBefore;
    return runs.map(({ recording, run }) => {
      const scenario = dropped === 0 ? lab.scenario : withDroppedRequests(lab.scenario, run.report);
      const one = {
        circumstance: name,
        exact: isExact(lab, run),
        ...judged(scenario, run, circumstance.exitCode),
      };
      if (recording !== null && !isWrong(one)) rmSync(recording, { force: true });
      return one;
    });
  } finally {
    stop();
  }
}

function isWrong({ outcome, exact }: Loaded): boolean {
  return outcome === "wrong" || exact === false;
}

let recordings = 0;

/** A name that no other run has, in a folder that an ordinary user may write to. */
function recordingIn(folder: string, scenario: string): string {
  if (mkdirSync(folder, { recursive: true }) !== undefined) chmodSync(folder, 0o1777);
  recordings += 1;
  return join(folder, `${scenario}-${process.pid}-${recordings}.ndjson`);
}

async function traced(
  lab: Lab,
  { before = [], options = [] }: Circumstance,
  recording: string | null,
): Promise<RestrictedRun> {
  const record = recording === null ? [] : ["--record", recording];
  const tool = [...before, ...AS_USER, ...commandLine(lab, "user"), ...options, ...record];
  const { file, args } = lab.vantage.command(tool);
  const { stdout, exitCode, stderr } = await execa(file, args, {
    stdin: "ignore",
    reject: false,
    timeout: LIMIT_MS,
    killSignal: "SIGKILL",
  });
  return { report: stdout === "" ? null : schema.parse(JSON.parse(stdout)), exitCode, stderr };
}

/** Null where no size is called exact, or the scenario says nothing of sizes. */
function isExact({ scenario }: Lab, { report }: RestrictedRun): boolean | null {
  const wanted = scenario.expected.inboundPmtu;
  const seen = report?.pmtu.inbound;
  if (wanted === null || seen === undefined || !seen.exact) return null;
  return seen.bytes === wanted;
}
