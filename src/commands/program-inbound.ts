// The grammar of `wsl-trace inbound`.

import { type Command, Option } from "commander";
import { TraceError } from "../errors.ts";
import type { Target } from "../schema/events/run.ts";
import { VANTAGE_POINTS } from "../schema/run-choices.ts";
import { parseTarget } from "../target.ts";
import { languageOption } from "./language-option.ts";
import { OPTION_TEXTS } from "./option-texts.ts";
import type { PathCommand } from "./path-command.ts";
import { checkReport, readKernel, readRedaction, readSnapshot } from "./readers.ts";
import { readLook, themeOption } from "./theme-option.ts";
import { type TypedFlags, typedOptions } from "./typed-options.ts";

interface InboundFlags extends Omit<TypedFlags, "ca" | "port" | "maxHops" | "flows"> {
  readonly lab?: string;
}

/** Adds the command; `run` gets its options, read and checked. */
export function addInbound(program: Command, run: (command: PathCommand) => Promise<void>): void {
  program
    .command("inbound <port>")
    .description("whether Windows and other machines reach a service of this distro, and why not")
    .addOption(
      new Option("--from <where>", "who must reach it (default: windows)").choices(VANTAGE_POINTS),
    )
    .option("--json", OPTION_TEXTS.json)
    .option("--report <file>", OPTION_TEXTS.report, checkReport)
    .option("--record <file>", OPTION_TEXTS.record)
    .option("--host-snapshot <file>", OPTION_TEXTS.snapshot)
    .option("--lab <scenario>", OPTION_TEXTS.lab)
    .option("--once", "taken from scripts of other commands: it ends anyhow")
    .option("--quiet", OPTION_TEXTS.quiet)
    .option("--explain-run", OPTION_TEXTS.explainRun)
    .addOption(languageOption())
    .addOption(themeOption())
    .option("--ascii", OPTION_TEXTS.ascii)
    .option("--no-redact", OPTION_TEXTS.noRedact)
    .option("--redact-target", OPTION_TEXTS.redactTarget)
    .option("--debug", OPTION_TEXTS.debug)
    .action((port: string, flags: InboundFlags) => run(readInbound(port, flags)));
}

/** Nothing beyond this machine and its Windows is asked. */
const NO_HOPS = 1;

function readInbound(typed: string, flags: InboundFlags): PathCommand {
  const { hostSnapshot, kind } = readSnapshot(flags.hostSnapshot);
  return {
    targets: [portTarget(typed)],
    targetsAsTyped: [typed],
    optionsAsTyped: typedOptions(flags),
    options: {
      family: null,
      timeoutMs: null,
      maxHops: NO_HOPS,
      flows: 1,
      hopNames: false,
      engine: "koffi",
      hostSnapshot: kind,
      ...(flags.from === undefined ? {} : { reachableFrom: flags.from }),
    },
    json: flags.json === true,
    quiet: flags.quiet === true,
    explainRun: flags.explainRun === true,
    lang: flags.lang ?? "en",
    once: true,
    ...readLook(flags),
    recordFile: flags.record ?? null,
    reportFile: flags.report ?? null,
    pcapFile: null,
    hostSnapshot,
    caFile: null,
    netns: null,
    lab: flags.lab ?? null,
    kernel: readKernel(flags),
    redaction: readRedaction(flags),
  };
}

/** @throws TraceError for anything but a port's number */
function portTarget(typed: string): Target {
  const text = typed.trim();
  if (!/^\d+$/.test(text)) {
    throw new TraceError(
      "not-a-port",
      `"${typed}" is no port: give the number that the service listens on, such as 8080`,
    );
  }
  return { ...parseTarget("localhost", text), input: text, scheme: "tcp" };
}
