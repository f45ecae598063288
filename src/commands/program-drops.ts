// The grammar of `wsl-trace drops`.

import { type Command, InvalidArgumentError } from "commander";
import ipaddr from "ipaddr.js";
import type { DropScope, FlowEndpoints } from "../drops-port.ts";
import { TraceError } from "../errors.ts";
import { parseTarget } from "../target.ts";
import type { DropsCommand } from "./drops.ts";
import { OPTION_TEXTS } from "./option-texts.ts";
import { readKernel, readRedaction, readTimeout } from "./readers.ts";
import { readLook, themeOption } from "./theme-option.ts";
import type { TypedFlags } from "./typed-options.ts";

interface DropsFlags extends Pick<TypedFlags, "theme" | "ascii"> {
  readonly json?: true;
  readonly flow?: FlowEndpoints;
  readonly all?: true;
  readonly timeout?: number;
  readonly ebpf?: boolean;
  readonly allNetns?: true;
  readonly redact?: boolean;
  readonly redactTarget?: true;
}

/** Adds the command; `run` gets its options, read and checked. */
export function addDrops(program: Command, run: (request: DropsCommand) => Promise<void>): void {
  program
    .command("drops [target]")
    .description("what this kernel drops, live, with the reason; of a target, or of marked probes")
    .option(
      "--flow <a,b>",
      "only between two endpoints, as 192.0.2.1:4000,[2001:db8::1]:443",
      readFlow,
    )
    .option("--all", "everybody's packets")
    .option("--all-netns", "other network namespaces of this machine, too")
    .option("--json", "one object per line")
    .option(
      "--timeout <seconds>",
      "end after so long (5, 2.5s, 800ms); Ctrl-C otherwise",
      readTimeout,
    )
    .option("--no-ebpf", "load no eBPF program: tracefs, which reports no addresses")
    .addOption(themeOption())
    .option("--ascii", OPTION_TEXTS.ascii)
    .option("--no-redact", OPTION_TEXTS.noRedact)
    .option("--redact-target", OPTION_TEXTS.redactTarget)
    .option("--debug", OPTION_TEXTS.debug)
    .addHelpText("after", HELP)
    .action((target: string | undefined, flags: DropsFlags) => run(readDrops(target, flags)));
}

const HELP = `
Needs root, or CAP_BPF and CAP_PERFMON. Without a target: probes of this tool, of any run. Ctrl-C prints a summary.

Exit code: 0 drops were watched, 2 usage, 3 this kernel cannot be watched (with the reason), 130 Ctrl-C.
`;

function readDrops(target: string | undefined, flags: DropsFlags): DropsCommand {
  return {
    scope: readScope(target, flags),
    json: flags.json === true,
    timeoutMs: flags.timeout ?? null,
    ...readKernel(flags),
    ...readLook(flags),
    redaction: readRedaction(flags),
  };
}

function readScope(target: string | undefined, { flow, all }: DropsFlags): DropScope {
  const given = [target, flow, all].filter((one) => one !== undefined);
  if (given.length > 1) {
    const message = "give a target, --flow or --all: each selects packets";
    throw new TraceError("drops-scope", message);
  }
  if (flow !== undefined) return { kind: "flow", flow };
  if (all === true) return { kind: "all" };
  if (target === undefined) return { kind: "marked" };
  return { kind: "host", host: parseTarget(target, undefined).host };
}

function readFlow(text: string): FlowEndpoints {
  const [a, b, ...rest] = text.split(",").map(readEnd);
  if (a === undefined || b === undefined || rest.length > 0) {
    throw new InvalidArgumentError(
      "Give two ends with a comma between them: ADDRESS:PORT,ADDRESS:PORT.",
    );
  }
  if (a.address.includes(":") !== b.address.includes(":")) {
    throw new InvalidArgumentError("Give two ends of one family.");
  }
  return { a, b };
}

const MAX_PORT = 65_535;

function readEnd(text: string): FlowEndpoints["a"] {
  const [, bracketed, plain, digits] =
    /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text.trim()) ?? [];
  const address = bracketed ?? plain ?? "";
  const port = Number(digits);
  if (!ipaddr.isValid(address) || !(port <= MAX_PORT)) {
    throw new InvalidArgumentError(`"${text}" is no ADDRESS:PORT (IPv6: [ADDRESS]:PORT).`);
  }
  return { address, port };
}
