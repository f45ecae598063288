// What each command of the grammar does. Each loads its own part when it is called: help and one command pay for nothing else.

import { readFile } from "node:fs/promises";
import type { LabDeps } from "../commands/lab-port.ts";
import type { PathCommand } from "../commands/path-command.ts";
import type { Handlers } from "../commands/program.ts";
import type { EnvCommand } from "../commands/program-env.ts";
import type { KnownCause } from "../diagnosis/causes/list.ts";
import type { RunCommand } from "../schema/events/run.ts";
import type { Wiring } from "./wiring.ts";

type Part = Exclude<RunCommand, "path">;

export function createHandlers(wiring: Wiring): Handlers {
  const { print } = wiring;
  const here = () => import("./here.ts");
  const tracePath = async (command: PathCommand, part?: Part) =>
    (await here()).tracePath(wiring, command, part);
  const inLab = async (work: (deps: LabDeps) => Promise<number>) => {
    const lab = await import("./lab.ts");
    return lab.inLab(wiring, work);
  };
  /** In the built-in lab where one was requested, else on this machine. */
  const hereOrInLab = async (
    command: EnvCommand | PathCommand,
    part: Part | undefined,
    run: () => Promise<number>,
  ) => {
    const { lab: scenario } = command;
    const netns = "netns" in command ? command.netns : null;
    if (netns !== null && "targets" in command) {
      return (await here()).inNetns(wiring, command, part ?? "path", netns);
    }
    if (scenario === null) return run();
    const { labRun, labRunOf } = await import("../commands/lab.ts");
    return inLab((deps) => labRun(labRunOf(scenario, command, part), deps));
  };
  return {
    path: (command) => hereOrInLab(command, undefined, () => tracePath(command)),
    dns: (command) => hereOrInLab(command, "dns", () => tracePath(command, "dns")),
    mtu: (command) => hereOrInLab(command, "mtu", () => tracePath(command, "mtu")),
    env: (command) =>
      hereOrInLab(command, "env", async () => (await here()).readEnv(wiring, command)),
    drops: async (command) => (await here()).showDrops(wiring, command),
    host: async (command) => (await here()).readHost(wiring, command),
    replay: async (file, options) => {
      const { replay, unreadableRecording } = await import("../commands/replay.ts");
      const readText = (name: string) =>
        readFile(name, "utf8").catch((error: unknown) => {
          throw unreadableRecording(name, error);
        });
      return replay(file, options, { readText, print });
    },
    explain: async (cause) => {
      const { explain } = await import("../commands/explain.ts");
      const readPage = (one: KnownCause) => readFile(pageFile(wiring.home, one), "utf8");
      return explain(cause, { print, readPage });
    },
    labList: async () => {
      const { labList } = await import("../commands/lab.ts");
      const { SCENARIOS } = await import("wsl-trace-lab");
      return labList(SCENARIOS, { print });
    },
    labRun: async (run) => {
      const { labRun } = await import("../commands/lab.ts");
      return inLab((deps) => labRun(run, deps));
    },
    labShell: async (scenario) => {
      const { labShell } = await import("../commands/lab.ts");
      return inLab((deps) => labShell(scenario, deps));
    },
    labClean: async () => {
      const { labClean } = await import("../commands/lab.ts");
      return inLab((deps) => labClean(deps));
    },
  };
}

/** Beside the bundle in dist/, or in the sources. */
function pageFile(home: string, { area, id }: KnownCause): URL {
  const folder = home.includes("/dist/") ? "./causes" : "./diagnosis/causes";
  return new URL(`${folder}/${area}/${id}.md`, home);
}
