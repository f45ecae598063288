// What each command of the grammar does. Each loads its own part when it is called: help and one command pay for nothing else.

import { readFile } from "node:fs/promises";
import { systemClock } from "../clock.ts";
import type { LabDeps } from "../commands/lab-port.ts";
import type { Handlers, PathCommand } from "../commands/program.ts";
import type { EnvCommand } from "../commands/program-env.ts";
import type { DropsRequest } from "../drops-port.ts";
import type { RunCommand } from "../model/events/run.ts";
import { whenDrained } from "../output-end.ts";
import type { Wiring } from "./wiring.ts";

type Part = Exclude<RunCommand, "path">;

export function createHandlers(wiring: Wiring): Handlers {
  const { own, ending, print, say } = wiring;
  const tracePath = async (command: PathCommand, part?: Part) => {
    const tracing = await import("./tracing.ts");
    return tracing.tracePath(wiring, command, part);
  };
  const inLab = async (work: (deps: LabDeps) => Promise<number>) => {
    const lab = await import("./lab.ts");
    return lab.inLab(wiring, work);
  };
  /** In the built-in lab where one was asked for, else on this machine. */
  const hereOrInLab = async (
    command: EnvCommand | PathCommand,
    part: Part | undefined,
    here: () => Promise<number>,
  ) => {
    const { lab: scenario } = command;
    if (scenario === null) return here();
    const { labRun, labRunOf } = await import("../commands/lab.ts");
    return inLab((deps) => labRun(labRunOf(scenario, command, part), deps));
  };
  return {
    path: (command) => hereOrInLab(command, undefined, () => tracePath(command)),
    dns: (command) => hereOrInLab(command, "dns", () => tracePath(command, "dns")),
    mtu: (command) => hereOrInLab(command, "mtu", () => tracePath(command, "mtu")),
    env: (command) =>
      hereOrInLab(command, "env", async () => {
        const { readEnv } = await import("./env.ts");
        return readEnv(wiring, command);
      }),
    drops: async (request) => {
      const { drops } = await import("../commands/drops.ts");
      const { watchDrops } = await import("../../probes/kernel/live-drops.ts");
      const watch = (asked: DropsRequest) => watchDrops(asked, ending.signal);
      const drained = () => whenDrained(own.stdout, ending.signal);
      return drops(request, { watch, clock: systemClock, print, drained, say });
    },
    host: async (command) => {
      const { readHost } = await import("./windows.ts");
      return readHost(wiring, command);
    },
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
      const readPage = (name: string) => readFile(pageFile(wiring.home, name), "utf8");
      return explain(cause, { print, readPage });
    },
    labList: async () => {
      const { labList } = await import("../commands/lab.ts");
      return labList({ print });
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
function pageFile(home: string, cause: string): URL {
  const folder = home.includes("/dist/") ? "./rules/" : "./diagnosis/rules/";
  return new URL(`${folder}${cause}.md`, home);
}
