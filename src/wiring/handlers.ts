// What each command of the grammar does. Each loads its own part when it is called: help and one command pay for nothing else.

import { readFile } from "node:fs/promises";
import type { LabDeps } from "../commands/lab-port.ts";
import type { PathCommand } from "../commands/path-command.ts";
import type { Handlers } from "../commands/program.ts";
import type { EnvCommand } from "../commands/program-env.ts";
import type { FilmDeps, ReplayOptions } from "../commands/replay.ts";
import { SHELLS } from "../commands/shells.ts";
import type { KnownCause } from "../diagnosis/causes/list.ts";
import { EXIT } from "../errors.ts";
import type { RunCommand } from "../schema/events/run.ts";
import { SCHEMA_NAMES } from "../schema/schema-names.ts";
import type { Wiring } from "./wiring.ts";

type Part = Exclude<RunCommand, "path" | "run">;

export function createHandlers(wiring: Wiring): Handlers {
  const { print } = wiring;
  const here = () => import("./here.ts");
  const tracePath = async (command: PathCommand, part?: Part) =>
    (await here()).tracePath(wiring, command, part);
  const scenarios = async () => (await import("wsl-trace-lab")).SCENARIOS;
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
  const replayDeps = {
    readText: async (name: string) => {
      const { NAMED_FILE, readInput } = await import("../../probes/input-file.ts");
      return readInput(name, NAMED_FILE).catch(async (error: unknown) => {
        const { unreadableRecording } = await import("../commands/replay.ts");
        throw unreadableRecording(name, error);
      });
    },
    writeText: async (name: string, content: string | Uint8Array) => {
      const output = (await here()).openOutput(name);
      output.write(content);
      output.close();
    },
    print,
  };
  const film: FilmDeps["film"] = wiring.canDraw
    ? async (events, options) => (await here()).showFilm(wiring, events, options)
    : null;
  /** What sends is a part of what traces, which a replay alone does not need. */
  const publishOf = async (options: ReplayOptions) => {
    const isNamed = Object.keys(wiring.own.env).some((name) => name.startsWith("OTEL_EXPORTER_"));
    const isWanted = isNamed || typeof options.otlp === "string";
    return isWanted ? (await here()).createPublish(wiring, options) : null;
  };
  return {
    path: (command) => hereOrInLab(command, undefined, () => tracePath(command)),
    dns: (command) => hereOrInLab(command, "dns", () => tracePath(command, "dns")),
    mtu: (command) => hereOrInLab(command, "mtu", () => tracePath(command, "mtu")),
    inbound: (command) => hereOrInLab(command, "inbound", () => tracePath(command, "inbound")),
    env: (command) =>
      hereOrInLab(command, "env", async () => (await here()).readEnv(wiring, command)),
    doctor: async (command) => (await here()).inspect(wiring, command),
    drops: async (command) => (await here()).showDrops(wiring, command),
    watch: async (request) => (await here()).watchForHours(wiring, request),
    run: async (request) => (await here()).runFollowed(wiring, request),
    host: async (command) => (await here()).readHost(wiring, command),
    replay: async (file, options) => {
      const { replay } = await import("../commands/replay.ts");
      const packetTools = async () => (await here()).packetTools;
      const publish = await publishOf(options);
      const { notify } = wiring;
      return replay(file, options, { ...replayDeps, packetTools, notify, film, publish });
    },
    report: async (files, request) => {
      const { report } = await import("../commands/report.ts");
      const { reportTools } = await here();
      return report(files, request, { ...replayDeps, ...reportTools(wiring) });
    },
    diff: async (request) => {
      const { diff } = await import("../commands/diff.ts");
      return diff(request, replayDeps);
    },
    summary: async (request) => {
      const { summary } = await import("../commands/summary.ts");
      const { runFiles, linesOf, isBeside } = await import("../../probes/run-files.ts");
      const openTable = async (file: string) => {
        const { openRunTable } = await import("../../probes/run-table.ts");
        return openRunTable(file, (await here()).openOutput);
      };
      return summary(request, { files: runFiles, lines: linesOf, isBeside, openTable, print });
    },
    schema: async (name) => {
      const { jsonSchema } = await import("../schema/published.ts");
      print(jsonSchema(name));
      return EXIT.healthy;
    },
    explain: async (cause) => {
      const { explain } = await import("../commands/explain.ts");
      const readPage = (one: KnownCause) => readFile(pageFile(wiring.home, one), "utf8");
      return explain(cause, { print, readPage });
    },
    fix: async (request) => {
      const { fixHere } = await import("./fix.ts");
      return fixHere(wiring, request);
    },
    labList: async () => {
      const { labList } = await import("../commands/lab.ts");
      return labList(await scenarios(), { print });
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
    completionScript: async (grammar, shell) => {
      (await import("./completion.ts")).printCompletionScript(grammar, shell);
    },
    complete: async (grammar, words) => {
      const { complete } = await import("./completion.ts");
      const lists = { shells: SHELLS, schemas: SCHEMA_NAMES, scenarios: await scenarios() };
      return complete(wiring, grammar, words, lists);
    },
  };
}

/** Beside the bundle in dist/, or in the sources. */
function pageFile(home: string, { area, id }: KnownCause): URL {
  const folder = home.includes("/dist/") ? "./causes" : "./diagnosis/causes";
  return new URL(`${folder}/${area}/${id}.md`, home);
}
