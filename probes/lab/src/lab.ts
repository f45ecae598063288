// The lab: builds a scenario's network out of namespaces, runs programs in it, and removes it.

import { join } from "node:path";
import type { Clock } from "../../../src/clock.ts";
import type { Fix } from "../../../src/schema/verdict.ts";
import { LabError } from "./error.ts";
import type { LabProcess, LabSystem } from "./lab-system.ts";
import { missingPackages } from "./missing-packages.ts";
import { buildNetwork, type TunnelKind } from "./network/build.ts";
import { createCleanupStack } from "./network/cleanup-stack.ts";
import { type Namespaces, removalBatch } from "./network/ip-batch.ts";
import { cleanLeftovers, directoryPrefix } from "./network/leftovers.ts";
import { type Command, MAX_LABS, namespacesFor } from "./network/namespace.ts";
import { endProcesses, processesInside, processStart } from "./network/processes.ts";
import { SOCKET_DIRECTORY } from "./network/wireguard.ts";
import { certificatesFor, probeFromHost } from "./programs/lab-programs.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { checkResolvConf, resolvConfText, runFix, vantageCommand } from "./vantage.ts";
import { writePowerShell } from "./windows/lab-powershell.ts";
import { readHost, snapshotText } from "./windows/windows-snapshot.ts";

export interface LabDependencies {
  readonly system: LabSystem;
  readonly clock: Clock;
  /** How lab-host is run: Node and the bundle's file. */
  readonly labHost: Command;
  /** How the lab's powershell.exe is run; null: there is none, as on a host without PowerShell. */
  readonly labWindows: Command | null;
}

export interface BuildOptions {
  readonly signal: AbortSignal;
  /** Gets a line about what is being built. */
  readonly notify: (line: string) => void;
  /** Gets what is being made from now on. */
  readonly begin?: (what: string) => void;
}

export interface Lab {
  readonly scenario: Scenario;
  readonly tunnel: TunnelKind;
  /** The Windows host's snapshot. */
  readonly snapshotFile: string;
  /** The root certificate of the lab's server. */
  readonly caFile: string;
  /** The lab's own folder, removed with it. */
  readonly directory: string;
  readonly vantage: {
    readonly namespace: string;
    /** How to run a program there; its standard streams may be inherited. */
    command(argv: readonly string[]): Command;
  };
  readonly namespaces: Namespaces;
  /** Does in the vantage what the scenario wants done before a trace. */
  prepare(): Promise<void>;
  /** Forgets cached path MTUs and TCP metrics everywhere. */
  flushCaches(): Promise<void>;
  /** Runs a fix for Linux in the vantage. */
  applyFix(fix: Pick<Fix, "where" | "title" | "commands" | "persistent">): Promise<void>;
  /** Removes everything; more than once is fine. */
  dispose(): Promise<void>;
}

export interface LabFactory {
  /** Debian packages that the lab needs and that are not installed. */
  missing(): Promise<readonly string[]>;
  build(scenario: Scenario, options: BuildOptions): Promise<Lab>;
  /** Removes what labs of dead processes left; gives a line for each thing. */
  cleanLeftovers(): Promise<readonly string[]>;
}

export function createLab(deps: LabDependencies): LabFactory {
  const { system, clock } = deps;
  return {
    missing: () => missingPackages(system),
    cleanLeftovers: () => cleanLeftovers(system, clock),
    build: (scenario, options) => buildLab(deps, scenario, options),
  };
}

/** Of this process's labs; their names differ by it, whoever builds them. */
const numbersInUse = new Set<number>();

function takeNumber(): number {
  const number = Array.from({ length: MAX_LABS }, (_, n) => n).find((n) => !numbersInUse.has(n));
  if (number === undefined) {
    throw new LabError("lab-too-many", `one process can run ${MAX_LABS} labs at a time`);
  }
  numbersInUse.add(number);
  return number;
}

async function buildLab(
  deps: LabDependencies,
  scenario: Scenario,
  { signal, notify, begin = () => undefined }: BuildOptions,
): Promise<Lab> {
  const { system, clock } = deps;
  const cleanup = createCleanupStack();
  const number = takeNumber();
  cleanup.add(async () => numbersInUse.delete(number));
  const namespaces = namespacesFor(scenario.topology.roles, system.pid, number);
  const names = Object.values(namespaces);
  const programs: LabProcess[] = [];
  const sockets: string[] = [];
  try {
    await checkResolvConf(system);
    const start = await processStart(system, system.pid);
    const directory = await system.makeDirectory(directoryPrefix(system.pid, start));
    cleanup.add(() => system.remove(directory));
    cleanup.add(async () => {
      for (const socket of sockets) await system.remove(socket);
      if (sockets.length > 0) await system.removeIfEmpty(SOCKET_DIRECTORY);
    });
    const forget = system.onExit(() => removeNow(system, programs, names, sockets, directory));
    cleanup.add(async () => forget());
    cleanup.add(() => system.run("ip", ["-force", "-batch", "-"], { input: removalBatch(names) }));
    cleanup.add(async () => endProcesses(system, clock, await processesInside(system, names)));
    cleanup.add(() => Promise.all(programs.map((program) => program.stop())));
    const built = await buildNetwork(
      {
        system,
        scenario,
        namespaces,
        signal,
        begin,
        labHost: deps.labHost,
        started: (program, socket) => {
          programs.push(program);
          if (socket !== null) sockets.push(socket);
        },
      },
      () => certificatesFor(scenario),
    );
    if (built.tunnelReason !== null)
      notify(`the VPN is a plain tunnel link: ${built.tunnelReason}`);
    if (built.tunnel === "wireguard-go") notify("the VPN is a real one: wireguard-go");
    begin("what Windows says of it");
    const host = await readHost(system, required(namespaces.host));
    const hostProgram = required(built.programs.get("host"));
    const tried = await probeFromHost(hostProgram, scenario);
    const files = {
      snapshotFile: join(directory, "windows.json"),
      caFile: join(directory, "ca.pem"),
      resolvConf: join(directory, "resolv.conf"),
      sysMount: join(directory, "sys"),
      windows: join(directory, "windows"),
      hosts: scenario.distro.hosts === null ? null : join(directory, "hosts"),
      nsswitch: scenario.distro.nameSources === undefined ? null : join(directory, "nsswitch.conf"),
      env: scenario.distro.env,
    };
    await Promise.all([system.makeFolder(files.sysMount), system.makeFolder(files.windows)]);
    await Promise.all([
      writePowerShell(deps, scenario, required(namespaces.host), files),
      system.writeText(files.snapshotFile, snapshotText(scenario, host, tried, clock.date())),
      system.writeText(files.caFile, built.ca),
      system.writeText(files.resolvConf, resolvConfText(scenario)),
      ...(files.hosts === null
        ? []
        : [system.writeText(files.hosts, `127.0.0.1 localhost\n${scenario.distro.hosts}\n`)]),
      ...(files.nsswitch === null
        ? []
        : [system.writeText(files.nsswitch, `hosts: ${scenario.distro.nameSources}\n`)]),
      flushCaches(system, names),
    ]);
    signal.throwIfAborted();
    const namespace = required(namespaces[scenario.vantage]);
    const command = (argv: readonly string[]) => vantageCommand(namespace, files, argv);
    return {
      scenario,
      tunnel: built.tunnel,
      directory,
      namespaces,
      snapshotFile: files.snapshotFile,
      caFile: files.caFile,
      vantage: { namespace, command },
      prepare: async () => {
        for (const argv of scenario.distro.before) {
          const { file, args } = command(argv);
          await system.run(file, args);
        }
      },
      flushCaches: () => flushCaches(system, names),
      applyFix: (fix) => runFix(system, fix, command),
      dispose: () => cleanup.run(),
    };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

// Fixed text: the namespaces come as arguments.
const FLUSH =
  'for name; do ip -4 -n "$name" route flush cache; ip -6 -n "$name" route flush cache; ip -n "$name" tcp_metrics flush all; done';

async function flushCaches(system: LabSystem, names: readonly string[]): Promise<void> {
  await system.run("sh", ["-c", FLUSH, "sh", ...names]);
}

/** When the process ends with a lab still there and nothing can be awaited any more. */
function removeNow(
  system: LabSystem,
  programs: readonly LabProcess[],
  names: readonly string[],
  sockets: readonly string[],
  directory: string,
): void {
  for (const { pid } of programs) if (pid !== null) system.signal(pid, "SIGKILL");
  for (const name of names) system.runNow("ip", ["netns", "del", name]);
  system.runNow("rm", ["-rf", "--", directory, ...sockets]);
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new LabError("lab-build", "the scenario has no such location");
  return value;
}
