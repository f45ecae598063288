// `wsl-trace fix` on this machine: as root, with the user's own folder, and this program once more for each trace.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { createFixMachine } from "../../probes/fixing/machine.ts";
import { openStateFolder } from "../../probes/fixing/state-folder.ts";
import { NAMED_FILE, readInput } from "../../probes/input-file.ts";
import { realSystem, runInherited } from "../../probes/system.ts";
import { runElevated } from "../../probes/windows/elevated.ts";
import { systemClock } from "../clock.ts";
import { fix } from "../commands/fix.ts";
import { type FixPlan, fixPlan } from "../commands/fix-plan.ts";
import type { FixDeps, FixRequest } from "../commands/fix-port.ts";
import { reportOf, unreadableRecording } from "../commands/replay.ts";
import { EXIT, TraceError } from "../errors.ts";
import type { Report } from "../schema/report.ts";
import { createFixStore } from "./fix-store.ts";
import type { Wiring } from "./wiring.ts";

/** What the screen's `f` would do; a run that has given up root cannot become root again by sudo (PR_SET_NO_NEW_PRIVS). */
export function planHere({ geteuid, env }: NodeJS.Process, report: Report): FixPlan | string {
  const plan = fixPlan(report);
  const isGivenUp = env.SUDO_UID !== undefined && env.SUDO_UID === `${geteuid?.()}`;
  if (typeof plan === "string" || !isGivenUp) return plan;
  return `this run has given up root: q, then sudo wsl-trace fix ${plan.cause} --apply`;
}

interface Elsewhere {
  /** The first change was agreed to on the screen; about every other one is asked here. */
  readonly agreed: boolean;
  /** The command line in place of this process' own, for root. */
  readonly typed: readonly string[];
}

export async function fixHere(
  wiring: Wiring,
  request: FixRequest,
  elsewhere: Elsewhere | null = null,
): Promise<number> {
  const { own, ending, print } = wiring;
  const isRoot = own.geteuid?.() === 0;
  const folder = openStateFolder(own);
  if (folder === null) {
    throw new TraceError("fix-no-home", "there is no home to keep a journal in: set HOME", {
      exitCode: EXIT.inconclusive,
    });
  }
  const kernel = await readFile("/proc/sys/kernel/osrelease", "utf8").catch(() => "");
  const deps: FixDeps = {
    isRoot,
    // As wslinfo has it: WSL1 and WSL2 both.
    isWsl: /microsoft/i.test(kernel) || own.env.WSL_DISTRO_NAME !== undefined,
    store: createFixStore(folder),
    machine: createFixMachine(realSystem),
    now: () => systemClock.date().toISOString(),
    trace: (argv) => traceAgain(wiring, argv),
    readReport: async (file) =>
      reportOf(
        await readInput(file, NAMED_FILE).catch((error: unknown) => {
          throw unreadableRecording(file, error);
        }),
        file,
      ),
    asRoot: () => runInherited(sudoCommand(own, elsewhere?.typed), ending.signal),
    ask: own.stdin.isTTY && own.stdout.isTTY ? asking(own, elsewhere?.agreed === true) : null,
    runElevated: (script) => runElevated(realSystem, script),
    print,
  };
  return fix(request, deps);
}

/**
 * The fix that was agreed to on the screen: `wsl-trace fix CAUSE --apply` of the run that was just kept.
 * @returns the exit code of `fix`
 */
export function tryFix(wiring: Wiring, cause: string): Promise<number> {
  const request = {
    cause,
    target: null,
    from: null,
    apply: true,
    persist: false,
    undo: false,
    finish: false,
    windows: false,
    yes: false,
    forget: false,
  };
  return fixHere(wiring, request, { agreed: true, typed: ["fix", cause, "--apply"] });
}

/** The same command by sudo: of the environment what decides the attempt, as arguments of env, since sudo clears it. */
function sudoCommand(
  { argv, env, execPath }: NodeJS.Process,
  instead: readonly string[] | undefined,
) {
  const [node = execPath, script = "", ...own] = argv;
  const typed = instead ?? own;
  const kept = Object.entries(env).filter(([name]) => KEPT.test(name));
  return {
    file: "sudo",
    args: ["env", ...kept.map(([name, value]) => `${name}=${value}`), node, script, ...typed],
  };
}

const KEPT =
  /^((https?|all|no|ftp)_proxy|(HTTPS|ALL|NO)_PROXY|SSL_CERT_FILE|NODE_EXTRA_CA_CERTS|WSL_\w+)$/;

async function traceAgain(
  { own, ending }: Wiring,
  argv: readonly string[],
): Promise<Report | null> {
  // A trace that is killed leaves what it has half written beside its recording.
  const folder = await mkdtemp(join(tmpdir(), "wsl-trace-"));
  const record = join(folder, "run.ndjson");
  const [node = own.execPath, script = ""] = own.argv;
  const [command = "path", ...rest] = argv;
  const isPath = command === "path";
  const args = [script, command, "--record", record, ...(isPath ? ["--once"] : []), ...rest];
  try {
    await runInherited({ file: node, args }, ending.signal);
    ending.signal.throwIfAborted();
    return await readFile(record, "utf8").then(
      (text) => reportOf(text, record),
      () => null,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param agreed the first question has its answer */
function asking(own: NodeJS.Process, agreed: boolean) {
  let isAnswered = agreed;
  return async (question: string) => {
    if (!isAnswered) return ask(own, question);
    isAnswered = false;
    return true;
  };
}

async function ask({ stdin, stdout }: NodeJS.Process, question: string): Promise<boolean> {
  const line = createInterface({ input: stdin, output: stdout });
  try {
    return /^y(es)?$/i.test((await line.question(`${question} [y/N] `)).trim());
  } finally {
    line.close();
  }
}
