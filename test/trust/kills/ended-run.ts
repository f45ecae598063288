// One run that is ended in the middle, and what is wrong with the machine afterwards.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { openBpf } from "ebpf-ts-bindings";
import { programsOf } from "../../lab/harness/held-programs.ts";
import { differences, instancesOf, look, running } from "./look.ts";
import { type As, OUT, PROGRAM_MARK, type Row } from "./rows.ts";
import type { Way } from "./ways.ts";

const NOBODY = 65_534;
const CLI = new URL("../../../dist/cli.js", import.meta.url).pathname;
const PREFIXES: Readonly<Record<As, readonly string[]>> = {
  root: [],
  user: ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--inh-caps=-all"],
  sudo: ["env", `SUDO_UID=${NOBODY}`, `SUDO_GID=${NOBODY}`],
};
/** Longer than any run takes to end, on a machine that has others to serve too. */
const PATIENCE_MS = 30_000;
const STEP_MS = 25;
/** What a run that nobody ends is given. */
const LONGEST_MS = 60_000;
const ENDLESS_MS = 6000;
const GROUP = "/mnt/memory/wsl-trace-test";

export interface Ended {
  readonly wrong: readonly string[];
  /** It had ended by itself before. */
  readonly tooLate: boolean;
}

interface Started {
  readonly child: ChildProcess;
  readonly said: () => string;
  /** A code, or the name of a signal. */
  readonly ended: Promise<number | string>;
}

function start(row: Row, as: As, way: Way | null, limitBytes: number | null): Started {
  const tool = [process.execPath, CLI, ...row.argv];
  const inGroup = ["sh", "-c", `echo $$ > ${GROUP}/cgroup.procs; exec "$@"`, "sh"];
  const command = [...(limitBytes === null ? [] : inGroup), ...PREFIXES[as], ...tool];
  const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const argv = way?.by === "terminal" ? ["script", "-qefc", quoted, "/dev/null"] : command;
  const child = spawn(argv[0] ?? "", argv.slice(1), {
    stdio: [way?.by === "terminal" ? "pipe" : "ignore", "pipe", "pipe"],
    detached: true,
    cwd: OUT,
  });
  let text = "";
  const keep = (chunk: Buffer) => {
    text += chunk.toString("latin1");
  };
  child.stderr?.on("data", keep);
  child.stdout?.on("data", keep);
  child.stdout?.on("error", () => undefined);
  const ended = new Promise<number | string>((resolve) => {
    child.once("exit", (code, signal) => resolve(code ?? signal ?? "nothing"));
  });
  return { child, said: () => text, ended };
}

/** How long a run takes that nobody ends, in milliseconds. */
export async function lengthOf(row: Row, as: As): Promise<number> {
  if (row.endless === true) return ENDLESS_MS;
  prepare(row);
  const began = performance.now();
  const { child, ended } = start(row, as, null, null);
  const timer = setTimeout(() => child.kill("SIGTERM"), LONGEST_MS);
  await ended;
  clearTimeout(timer);
  const took = performance.now() - began;
  await takeBack(row);
  return took;
}

function prepare({ before }: Row): void {
  for (const folder of [OUT, "/mnt/home"]) {
    for (const name of readdirSync(folder)) rmSync(`${folder}/${name}`, { recursive: true });
  }
  mkdirSync("/mnt/home/state", { mode: 0o777 });
  execFileSync("chmod", ["777", "/mnt/home/state"]);
  if (before === undefined) return;
  const shell = ["env", `NODE=${process.execPath}`, `CLI=${CLI}`, "sh", "-c", before];
  execFileSync(shell[0] ?? "", shell.slice(1), { stdio: "ignore" });
}

async function takeBack({ takesBack }: Row): Promise<string> {
  if (takesBack === undefined) return "";
  const child = spawn(process.execPath, [CLI, ...takesBack], { stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  await new Promise((resolve) => child.once("close", resolve));
  return text;
}

/**
 * @param share of the run's length that passes first; of the memory that it may have, where that ends it
 * @param lengthMs of a run that nobody ends
 */
export async function endedRun(
  row: Row,
  as: As,
  way: Way,
  { share, lengthMs }: { readonly share: number; readonly lengthMs: number },
): Promise<Ended> {
  prepare(row);
  const before = look();
  const limitBytes = way.by === "memory" ? limitOf(share) : null;
  if (limitBytes !== null) limitMemory(limitBytes);
  const started = start(row, as, way, limitBytes);
  const pids = new Set<number>();
  const programs = new Set<number>();
  const isEnded = await waited(started, way.by === "memory" ? LONGEST_MS : share * lengthMs, () => {
    for (const { pid } of running()) {
      pids.add(pid);
      for (const id of heldBy(pid)) programs.add(id);
    }
  });
  if (!isEnded) await end(started, way);
  const left = await processesLeft(started, row, way);
  const how = await Promise.race([started.ended, sleep(PATIENCE_MS, "no end")]);
  if (way.by === "disk") rmSync(`${OUT}/filler`, { force: true });
  const isKept = row.changes === true && started.said().includes("kept; ");
  const settings = await settingsLeft(row, { isSudden: way.isSudden ?? false, isKept }, before);
  return {
    tooLate: way.by === "memory" ? how !== "SIGKILL" : isEnded,
    wrong: [
      ...left,
      ...settings,
      ...instancesOf(pids).map((name) => `instance of tracefs ${name}`),
      ...(await loadedStill(programs)).map((id) => `program ${id} of eBPF`),
      ...saidWrong(started.said(), how),
      ...unreadable(),
    ],
  };
}

/** @returns whether it ended by itself */
async function waited({ child }: Started, ms: number, tick: () => void): Promise<boolean> {
  const until = performance.now() + ms;
  while (performance.now() < until) {
    tick();
    if (child.exitCode !== null || child.signalCode !== null) return true;
    await sleep(STEP_MS);
  }
  return false;
}

async function end({ child }: Started, way: Way): Promise<void> {
  const { pid = 0 } = child;
  if (way.by === "reader") {
    child.stdout?.destroy();
    child.stderr?.destroy();
    // Who has nothing to say does not notice.
    await sleep(500);
    child.kill("SIGTERM");
  } else if (way.by === "disk") {
    fill(`${OUT}/filler`);
    await waited({ child } as Started, LONGEST_MS / 10, () => undefined);
    child.kill("SIGTERM");
  } else if (way.by === "memory" || way.by === "terminal") child.kill("SIGKILL");
  else process.kill(way.toGroup === true ? -pid : pid, way.signal);
}

function fill(file: string): void {
  try {
    writeFileSync(file, Buffer.alloc(1 << 25));
  } catch {
    // Full, as was wanted.
  }
}

/** Programs that are there when all had time to end; each is ended, so that the next run starts alone. */
async function processesLeft(
  started: Started,
  row: Row,
  { isSudden = false }: Way,
): Promise<readonly string[]> {
  // The program of `run` is its user's: nobody is left who could end it, and it goes on as under time(1).
  const isUsers = ({ command }: { readonly command: string }) =>
    isSudden && row.name === "run" && command.includes(PROGRAM_MARK) && !command.includes(CLI);
  const until = performance.now() + PATIENCE_MS;
  let left = running();
  while (left.some((one) => !isUsers(one)) && performance.now() < until) {
    await sleep(STEP_MS);
    left = running();
  }
  for (const { pid } of left) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has just ended.
    }
  }
  await started.ended;
  return left
    .filter((one) => !isUsers(one))
    .map(({ command }) => `process ${command.slice(0, 200)}`);
}

/** As they were, or as the run has said that they are, and then as they were once that is taken back. */
async function settingsLeft(
  row: Row,
  { isSudden, isKept }: { readonly isSudden: boolean; readonly isKept: boolean },
  before: readonly string[],
): Promise<readonly string[]> {
  const first = differences(before, look());
  const said = first.length > 0 || isSudden ? await takeBack(row) : "";
  const wrong = isSudden || isKept ? differences(before, look()) : first;
  return wrong.map((line) => `${line} (${said.slice(0, 200)})`);
}

async function loadedStill(ids: ReadonlySet<number>): Promise<readonly number[]> {
  if (ids.size === 0) return [];
  const bpf = await openBpf();
  const loaded = () => bpf.listPrograms().flatMap(({ id }) => (ids.has(id) ? [id] : []));
  // The kernel takes programs apart after a grace period of its own.
  const until = performance.now() + PATIENCE_MS;
  while (loaded().length > 0 && performance.now() < until) await sleep(STEP_MS);
  return loaded();
}

function heldBy(pid: number): readonly number[] {
  try {
    return programsOf(pid);
  } catch {
    return [];
  }
}

function saidWrong(said: string, how: number | string): readonly string[] {
  const crash = how === "SIGSEGV" || how === "SIGABRT" || how === 134 || how === 139;
  const sentence = /should not happen|\n {4}at .*:\d+:\d+/.exec(said);
  return [
    ...(crash ? [`ended by ${how}: ${said.slice(-300)}`] : []),
    ...(sentence === null ? [] : [`said: ${said.slice(0, 400)}`]),
  ];
}

/** A recording that was begun opens, whatever it is worth. */
function unreadable(): readonly string[] {
  const file = `${OUT}/run.ndjson`;
  if (!existsSync(file) || statSync(file).size === 0) return [];
  // A line that is whole was begun with; less than that is the cut of a full disk or of a kill.
  if (!readFileSync(file, "latin1").includes("\n")) return [];
  try {
    execFileSync(process.execPath, [CLI, "replay", file], { stdio: "pipe" });
    return [];
  } catch (error) {
    const { status, stderr } = error as { readonly status: number; readonly stderr: Buffer };
    return status === 1 || status === 3
      ? []
      : [`its recording: ${stderr.toString().slice(0, 300)}`];
  }
}

/** From what Node alone cannot start with to what a whole run takes. */
const LEAST_BYTES = 16 << 20;
const MOST_BYTES = 64 << 20;

function limitOf(share: number): number {
  return Math.round(LEAST_BYTES + share * (MOST_BYTES - LEAST_BYTES));
}

function limitMemory(bytes: number): void {
  mkdirSync(GROUP, { recursive: true });
  const [name] = ["memory.max", "memory.limit_in_bytes"].filter((one) =>
    existsSync(`${GROUP}/${one}`),
  );
  writeFileSync(`${GROUP}/${name}`, String(bytes));
}
