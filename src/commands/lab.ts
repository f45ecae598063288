// wsl-trace lab: list, run, shell and clean of the built-in lab.

import { EXIT } from "../errors.ts";
import { fixAndTraceAgain } from "./lab-fix.ts";
import type { LabDeps, LabScenario, RunningLab } from "./lab-port.ts";
import { type LabPart, startTrace } from "./lab-trace.ts";

/** The options of `lab run`. */
export interface LabRun {
  readonly scenario: string;
  /** Trace, apply the first fix for Linux, trace again. */
  readonly fix: boolean;
  /** Exit 0 when the scenario's own verdict came. */
  readonly expect: boolean;
  /** The command that is run; `path` by default. */
  readonly part?: LabPart;
  /** Empty: the scenario's own target. */
  readonly targets: readonly string[];
  /** Further arguments of `path`. */
  readonly extra: readonly string[];
  /** Whether its screen stays until it is left. */
  readonly stays?: boolean;
}

/** A command that was given --lab, as a run in there. */
export function labRunOf(
  scenario: string,
  command: {
    readonly targetsAsTyped: readonly string[];
    readonly optionsAsTyped: readonly string[];
  },
  part: LabPart | undefined,
): LabRun {
  const { targetsAsTyped: targets, optionsAsTyped: extra } = command;
  const run = { scenario, fix: false, expect: false, targets, extra, stays: true };
  return part === undefined ? run : { ...run, part };
}

/** The scenarios with their titles. */
export async function labList(
  scenarios: readonly Pick<LabScenario, "name" | "title">[],
  { print }: Pick<LabDeps, "print">,
): Promise<number> {
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  for (const { name, title } of scenarios) print(`${name.padEnd(width)}  ${title}\n`);
  return EXIT.healthy;
}

/** Builds the scenario, traces in it, removes it. Gives the trace's exit code, or the one of --fix or --expect. */
export async function labRun(run: LabRun, deps: LabDeps): Promise<number> {
  // With these nothing but what is wanted comes to the terminal.
  const isSilent = run.extra.some((one) => one === "--json" || one === "--quiet");
  const drawn = isSilent ? { ...deps, building: null } : deps;
  return withLab(run.scenario, drawn, async (lab) => {
    if (!run.expect && !run.fix) return (await startTrace(lab, run, deps, null)).exitCode;
    const record = `${lab.directory}/first.ndjson`;
    const first = await startTrace(lab, run, deps, record);
    if (first.report === null) return first.exitCode;
    const wrong = run.expect ? lab.unexpected(first.report) : [];
    if (run.expect) deps.notify(expectation(lab.scenario, wrong));
    const fixed = run.fix ? await fixAndTraceAgain(lab, run, deps, first.report) : EXIT.healthy;
    return wrong.length === 0 ? fixed : EXIT.fault;
  });
}

/** A shell where the user's program would run. */
export async function labShell(scenario: string, deps: LabDeps): Promise<number> {
  return withLab(scenario, deps, async (lab) => {
    deps.notify(whatIsAround(lab, deps));
    return deps.runInherited(lab.vantage.command([deps.shell]), deps.signal);
  });
}

/** Removes what labs left whose process is gone. */
export async function labClean(deps: Pick<LabDeps, "lab" | "print">): Promise<number> {
  const removed = await deps.lab.cleanLeftovers();
  for (const line of removed) deps.print(`removed ${line}\n`);
  if (removed.length === 0) deps.print("nothing was left behind\n");
  return EXIT.healthy;
}

async function withLab(
  scenario: string,
  deps: LabDeps,
  work: (lab: RunningLab) => Promise<number>,
): Promise<number> {
  const lab = await built(scenario, deps);
  try {
    return await work(lab);
  } finally {
    await lab.dispose();
  }
}

async function built(
  name: string,
  { lab, signal, notify, building }: Pick<LabDeps, "lab" | "signal" | "notify" | "building">,
): Promise<RunningLab> {
  const work: string[] = [];
  const lines: string[] = [];
  const begin = (what: string, { title, topology }: LabScenario) => {
    work.push(what);
    building?.show({ name, title, picture: topology.picture, work: [...work] });
  };
  // A line would stand in the middle of the screen.
  const later = (line: string) => lines.push(line);
  try {
    return await lab.build(name, { signal, notify: building === null ? notify : later, begin });
  } finally {
    await building?.end();
    for (const line of lines) notify(line);
  }
}

function expectation({ name }: LabScenario, wrong: readonly string[]): string {
  return wrong.length === 0
    ? `${name}: the expected verdict came`
    : `${name}: not as expected: ${wrong.join("; ")}`;
}

function whatIsAround(lab: RunningLab, deps: LabDeps): string {
  const { scenario, namespaces, snapshotFile, caFile, vantage } = lab;
  const listed = Object.entries(namespaces).map(([role, name]) => `  ${role}: ${name}`);
  return [
    scenario.title,
    scenario.topology.picture,
    `you are in ${vantage.namespace} (${scenario.vantage}); the namespaces are`,
    ...listed,
    `trace with: ${deps.self.args.join(" ")} path ${scenario.target} --host-snapshot ${snapshotFile} --ca ${caFile}`,
    "leave the shell to remove it all",
  ].join("\n");
}
