// The grammar of `wsl-trace env`.

import type { Command } from "commander";
import ipaddr from "ipaddr.js";
import { TraceError } from "../errors.ts";
import { STAND_IN } from "../schema/constants.ts";
import { parseTarget } from "../target.ts";
import type { EnvRequest } from "./env.ts";
import { OPTION_TEXTS } from "./option-texts.ts";
import { type KernelChoice, readKernel, readRedaction, readSnapshot } from "./readers.ts";
import { readLook, themeOption } from "./theme-option.ts";
import type { Theme } from "./themes.ts";
import { type TypedFlags, typedOptions } from "./typed-options.ts";

export interface EnvCommand extends EnvRequest {
  /** A file, "none", or null when nothing was given. */
  readonly hostSnapshot: string | null;
  readonly kernel: KernelChoice;
  readonly theme: Theme;
  readonly ascii: boolean;
  /** The scenario of --lab. */
  readonly lab: string | null;
  /** The address as typed, if any. */
  readonly targetsAsTyped: readonly string[];
  /** The options as typed, without --lab, for a run inside one. */
  readonly optionsAsTyped: readonly string[];
}

interface EnvFlags
  extends Pick<
    TypedFlags,
    "json" | "record" | "hostSnapshot" | "ebpf" | "redact" | "6" | "theme" | "ascii"
  > {
  readonly lab?: string;
}

/** What no run waits for: nothing is sent. */
const NO_HOPS = 1;

/** Adds the command; `run` gets its options, read and checked. */
export function addEnv(program: Command, run: (command: EnvCommand) => Promise<void>): void {
  program
    .command("env [address]")
    .description("the chain as read, without a packet sent, and the privileges")
    .option("--json", "what was read as JSON on standard output")
    .option("--record <file>", OPTION_TEXTS.record)
    .option("--host-snapshot <file>", OPTION_TEXTS.snapshot)
    .option("--lab <scenario>", "read in the built-in lab (wsl-trace lab list)")
    .option("-6", "the distro's path for IPv6, when no address is given")
    .option("--no-ebpf", "do not test whether eBPF programs may be loaded")
    .addOption(themeOption())
    .option("--ascii", OPTION_TEXTS.ascii)
    .option("--no-redact", OPTION_TEXTS.noRedact)
    .option("--debug", "show every query to Windows, and where an error came from")
    .action((address: string | undefined, flags: EnvFlags) => run(readEnv(address, flags)));
}

/** `doctor` reads what `env` reads. */
export function addDoctor(program: Command, run: (command: EnvCommand) => Promise<void>): void {
  program
    .command("doctor")
    .description("what is installed, which privileges are there, and whether Windows answers")
    .option("--json", OPTION_TEXTS.json)
    .option("--host-snapshot <file>", OPTION_TEXTS.snapshot)
    .addOption(themeOption())
    .option("--ascii", OPTION_TEXTS.ascii)
    .option("--no-redact", OPTION_TEXTS.noRedact)
    .option("--debug", OPTION_TEXTS.debug)
    .action((flags: EnvFlags) => run(readEnv(undefined, flags)));
}

function readEnv(address: string | undefined, flags: EnvFlags): EnvCommand {
  const target = parseTarget(address ?? (flags["6"] ? STAND_IN[6] : STAND_IN[4]), undefined);
  if (!ipaddr.isValid(target.host.replace(/%.*$/, ""))) {
    const what = `"${address}" is a name, and env sends nothing that could resolve it`;
    throw new TraceError("not-an-address", `${what}: give an address, or none`);
  }
  const { hostSnapshot, kind } = readSnapshot(flags.hostSnapshot);
  return {
    target,
    options: {
      family: null,
      timeoutMs: null,
      maxHops: NO_HOPS,
      flows: 1,
      hopNames: false,
      engine: "koffi",
      hostSnapshot: kind,
    },
    json: flags.json === true,
    recordFile: flags.record ?? null,
    hostSnapshot,
    kernel: readKernel(flags),
    ...readLook(flags),
    redaction: readRedaction(flags),
    lab: flags.lab ?? null,
    targetsAsTyped: address === undefined ? [] : [address],
    optionsAsTyped: typedOptions(flags),
  };
}
