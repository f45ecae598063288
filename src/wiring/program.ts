// A program that is followed: starts it, hands signals on to it, and makes what follows it.

import { readInputSync } from "../../probes/input-file.ts";
import { loadLibc } from "../../probes/native/libc.ts";
import { openOutput } from "../../probes/output-file.ts";
import { createProgramWatch } from "../../probes/sockets/program-watch.ts";
import { openSocketTable } from "../../probes/sockets/socket-table.ts";
import { findProgram, startProgram } from "../../probes/sockets/start-program.ts";
import { systemClock } from "../clock.ts";
import { type RunRequest, run } from "../commands/run.ts";
import { PROXY_VARIABLES } from "../facts/connection/proxy.ts";
import type { StartedProgram } from "../program/port.ts";
import { createPublish } from "./otlp.ts";
import { createTracer } from "./tracer.ts";
import type { Wiring } from "./wiring.ts";

export async function runFollowed(wiring: Wiring, request: RunRequest): Promise<number> {
  const { own, ending, notify } = wiring;
  const abort = new AbortController();
  const isProgram = !("pid" in request.program);
  // Before the program starts, so that the end of its first connection is told.
  const table = openSocketTable(await loadLibc());
  let refused: number | null = null;
  const start = async (program: RunRequest["program"]): Promise<StartedProgram> => {
    if ("pid" in program) return findProgram(program.pid);
    const started = await startProgram(program, { ...own.env, PATH: wiring.userPath });
    if (started.kind === "refused") {
      refused = started.exitCode;
      throw new Error(`${program[0]}: ${started.reason}`);
    }
    const { child } = started;
    handSignalsOn(wiring, child, abort);
    return started.program;
  };
  const print = (text: string) => (isProgram ? own.stderr : own.stdout).write(text);
  const { signal } = abort;
  if (!isProgram) ending.signal.addEventListener("abort", () => abort.abort(), { once: true });
  try {
    return await run(request, {
      version: wiring.version,
      clock: systemClock,
      watch: (pid) => createProgramWatch(table, pid),
      start,
      proxies: proxiesOf(own.env),
      hasNameService: hasNameService(),
      signal,
      trace: async function* (target, options, record) {
        const traced = { ...wiring, ending: { ...ending, signal } };
        const tracer = await createTracer(traced, request, undefined, false);
        yield* tracer(target, options, record);
      },
      openFile: openOutput,
      publish: createPublish(wiring, request),
      print,
      notify,
    });
  } catch (error) {
    if (refused === null) throw error;
    notify(`wsl-trace: ${error instanceof Error ? error.message : error}`);
    return refused;
  }
}

/** Of those that a terminal sends to all of its programs, the program has its own. */
const OF_TERMINAL: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT"];

function handSignalsOn(
  { own, ending }: Wiring,
  child: {
    readonly exitCode: number | null;
    kill(signal: NodeJS.Signals): boolean;
    once(event: "exit", then: () => void): void;
  },
  abort: AbortController,
): void {
  const onTerminal = own.stdout.isTTY || own.stderr.isTTY;
  const met = new Set<NodeJS.Signals>();
  let isOver = false;
  child.once("exit", () => {
    isOver = true;
  });
  ending.handOver((signal) => {
    if (isOver) {
      abort.abort(new Error(signal));
      return;
    }
    const isFirst = !met.has(signal);
    met.add(signal);
    // The second one was typed by somebody who waits, or was sent to this process alone.
    if (onTerminal && isFirst && OF_TERMINAL.includes(signal)) return;
    child.kill(signal);
  });
}

function proxiesOf(env: NodeJS.ProcessEnv): ReadonlySet<string> {
  const found = PROXY_VARIABLES.flatMap((name) => {
    const [, place] =
      /^(?:[a-z0-9]+:\/\/)?(?:[^@/]*@)?([^/]+:\d{1,5})\/?$/i.exec(env[name] ?? "") ?? [];
    return place === undefined ? [] : [place];
  });
  return new Set(found);
}

/** nss-resolve asks systemd-resolved over a socket of its own (nss-resolve(8)). */
function hasNameService(): boolean {
  try {
    return /^\s*hosts:.*\bresolve\b/m.test(readInputSync("/etc/nsswitch.conf"));
  } catch {
    return false;
  }
}
