// The grammar of `wsl-trace dns`.

import type { Command } from "commander";
import ipaddr from "ipaddr.js";
import { TraceError } from "../errors.ts";
import { parseTarget } from "../target.ts";
import { OPTION_TEXTS } from "./option-texts.ts";
import type { PathCommand } from "./path-command.ts";
import {
  checkReport,
  readKernel,
  readOutputs,
  readRedaction,
  readSnapshot,
  readTimeout,
} from "./readers.ts";
import { readLook, themeOption } from "./theme-option.ts";
import { type TypedFlags, typedOptions } from "./typed-options.ts";

interface DnsFlags extends Omit<TypedFlags, "ca" | "port" | "maxHops" | "flows"> {
  readonly lab?: string;
}

/** Adds the command; `run` gets its options, read and checked. */
export function addDns(program: Command, run: (command: PathCommand) => Promise<void>): void {
  program
    .command("dns <name>")
    .description("every resolver in reach: UDP, TCP, EDNS sizes, beside the Windows answer")
    .option("--json", OPTION_TEXTS.json)
    .option("--report <file>", OPTION_TEXTS.report, checkReport)
    .option("--record <file>", OPTION_TEXTS.record)
    .option("--pcap <file>", OPTION_TEXTS.pcap)
    .option("--otlp <url>", OPTION_TEXTS.otlp)
    .option("--host-snapshot <file>", OPTION_TEXTS.snapshot)
    .option("--lab <scenario>", OPTION_TEXTS.lab)
    .option("--once", "accepted: this command ends by itself")
    .option("-4", "IPv4 addresses only")
    .option("-6", "IPv6 addresses only")
    .option("--timeout <seconds>", "how long to wait for an answer (5, 2.5s, 800ms)", readTimeout)
    .option("--quiet", OPTION_TEXTS.quiet)
    .option("--explain-run", OPTION_TEXTS.explainRun)
    .addOption(themeOption())
    .option("--ascii", OPTION_TEXTS.ascii)
    .option("--no-redact", OPTION_TEXTS.noRedact)
    .option("--redact-target", OPTION_TEXTS.redactTarget)
    .option("--debug", OPTION_TEXTS.debug)
    .action((name: string, flags: DnsFlags) => run(readDns(name, flags)));
}

/** What no resolver waits for: the path that a trace would follow behind the names. */
const NO_HOPS = 1;

function readDns(typed: string, flags: DnsFlags): PathCommand {
  const target = parseTarget(typed, undefined);
  if (ipaddr.isValid(target.host.replace(/%.*$/, ""))) {
    throw new TraceError("not-a-name", `"${typed}" is an address: give a name such as github.com`);
  }
  const { hostSnapshot, kind } = readSnapshot(flags.hostSnapshot);
  return {
    targets: [target],
    targetsAsTyped: [typed],
    optionsAsTyped: typedOptions(flags),
    options: {
      family: flags["4"] ? 4 : flags["6"] ? 6 : null,
      timeoutMs: flags.timeout ?? null,
      maxHops: NO_HOPS,
      flows: 1,
      hopNames: false,
      engine: "koffi",
      hostSnapshot: kind,
    },
    json: flags.json === true,
    quiet: flags.quiet === true,
    explainRun: flags.explainRun === true,
    once: true,
    ...readLook(flags),
    ...readOutputs(flags),
    hostSnapshot,
    caFile: null,
    netns: null,
    lab: flags.lab ?? null,
    kernel: readKernel(flags),
    redaction: readRedaction(flags),
  };
}
