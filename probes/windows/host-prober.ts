// Finds a prober on the Windows host: the PowerShell that stays, else ping.exe, else the reason.

import type { InteropState } from "../linux/interop.ts";
import { interopState } from "../linux/interop.ts";
import type { HelperReply, HostHelper } from "./helper.ts";
import type { HelperQuestion } from "./helper-protocol.ts";
import { failureBefore, failureWithoutProgram } from "./interop-failure.ts";
import { createPingProber } from "./ping-program.ts";
import { RUN_ENDED } from "./powershell.ts";
import type { HostProber, ProberDeps } from "./prober.ts";
import { findPowerShell, findSystemProgram, NO_POWERSHELL } from "./programs.ts";
import { onCommandLine, overStandardInput, type ScriptCommand } from "./script-command.ts";

export type FoundProber =
  | { readonly kind: "prober"; readonly prober: HostProber }
  | { readonly kind: "none"; readonly code: string; readonly reason: string };

/** A cold PowerShell takes a second or two, a busy one some more. */
const START_LIMIT_MS = 10_000;
/** Each attempt on a dead socket can take its time. */
const MOST_SOCKETS = 3;

/** Never rejects; ends within the time limit, whatever Windows does. */
export async function findHostProber(deps: ProberDeps, signal: AbortSignal): Promise<FoundProber> {
  const interop = await interopState(deps.system);
  const shell = await byPowerShell(deps, interop, signal);
  if (shell.kind === "prober" || signal.aborted) return shell;
  deps.debug(`no helper: ${shell.reason}`);
  if (!shell.reachable) return shell;
  const ping = await findSystemProgram(deps.system, interop, deps.searchPath, "ping.exe");
  if (ping === null || failureBefore(interop, ping) !== null) return shell;
  return { kind: "prober", prober: createPingProber(deps, ping, signal) };
}

type ShellEnd = FoundProber & { readonly reachable: boolean };

async function byPowerShell(
  deps: ProberDeps,
  interop: InteropState,
  signal: AbortSignal,
): Promise<ShellEnd> {
  const none = (code: string, reason: string, reachable: boolean): ShellEnd => ({
    kind: "none",
    code,
    reason,
    reachable,
  });
  const file = await findPowerShell(deps.system, interop, deps.searchPath);
  if (file === null) {
    const why = failureWithoutProgram(interop);
    const reason = NO_POWERSHELL;
    return why === null
      ? none("powershell-missing", reason, true)
      : none(why.code, why.reason, why.code !== "interop-off");
  }
  const before = failureBefore(interop, file);
  if (before !== null) return none(before.code, before.reason, false);
  const script = await deps.readScript();
  // Most machines have no Windows at hand: they never load what talks to it.
  const { startHelper } = await import("./helper.ts");
  let reason: string = RUN_ENDED;
  for (const { command, environment } of attempts(script, interop)) {
    if (signal.aborted) break;
    const helper = await startHelper(deps, file, command, environment);
    const reported = await greet(helper, deps.startLimitMs ?? START_LIMIT_MS, signal);
    if (reported.kind === "answered") {
      const languageMode = reported.answer.languageMode ?? null;
      const prober = shellProber(helper, languageMode, reported.answer.elevated === true);
      return { kind: "prober", prober, reachable: true };
    }
    helper.close();
    reason = reported.reason;
    // A stale socket reports it at once; whatever hangs would do so again.
    if (reported.silent === true) return none("host-timeout", reason, false);
  }
  return none("host-helper", reason, true);
}

interface Attempt {
  readonly command: ScriptCommand;
  readonly environment: Readonly<Record<string, string>>;
}

/** Each socket with the script over standard input, then on the command line. */
function attempts(script: string, { sockets }: InteropState): readonly Attempt[] {
  const commands = [overStandardInput(script), onCommandLine(script)].filter((it) => it !== null);
  const environments = sockets
    .slice(0, MOST_SOCKETS)
    .map((socket): Attempt["environment"] => ({ WSL_INTEROP: socket }));
  return [{}, ...environments].flatMap((environment) =>
    commands.map((command) => ({ command, environment })),
  );
}

async function greet(
  helper: HostHelper,
  limitMs: number,
  signal: AbortSignal,
): Promise<HelperReply> {
  const close = () => helper.close();
  signal.addEventListener("abort", close, { once: true });
  const reply = await helper.ask({ ask: "hello" }, limitMs);
  signal.removeEventListener("abort", close);
  return reply;
}

/** What comes on top of a question's own limit. */
const SLACK_MS = 2000;
/** A question without a limit of its own: Windows queries each of its name servers in turn. */
const NAME_LIMIT_MS = 12_000;

function shellProber(
  helper: HostHelper,
  languageMode: string | null,
  elevated: boolean,
): HostProber {
  return {
    by: "powershell",
    languageMode,
    elevated,
    ask: (questions) => helper.askAll(questions, limitOf(questions, languageMode)),
    close: () => helper.close(),
  };
}

/** In FullLanguage probes run in parallel; else, and names always, one after the other. */
function limitOf(questions: readonly HelperQuestion[], languageMode: string | null): number {
  const limits = questions.map((question) =>
    "timeoutMs" in question
      ? { ms: question.timeoutMs, beside: true }
      : { ms: NAME_LIMIT_MS, beside: false },
  );
  const beside = limits.flatMap(({ ms, beside: is }) => (is ? [ms] : []));
  const inTurn = limits.flatMap(({ ms, beside: is }) => (is ? [] : [ms]));
  const sum = (all: readonly number[]) => all.reduce((total, ms) => total + ms, 0);
  const together = languageMode === "FullLanguage" ? Math.max(0, ...beside) : sum(beside);
  return together + sum(inTurn) + SLACK_MS;
}
