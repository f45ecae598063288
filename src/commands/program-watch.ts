// The grammar of `wsl-trace watch`.

import { type Command, InvalidArgumentError } from "commander";
import { TraceError } from "../errors.ts";
import { parseTarget } from "../target.ts";
import { OPTION_TEXTS } from "./option-texts.ts";
import { readKernel, readSnapshot } from "./readers.ts";
import type { WatchRequest } from "./watch.ts";

interface WatchFlags {
  readonly every: number;
  readonly for?: number;
  readonly dir?: string;
  readonly keep: number;
  readonly summary?: true;
  readonly unit?: true;
  readonly json?: true;
  readonly otlp?: string;
  readonly hostSnapshot?: string;
  readonly ca?: string;
}

const EVERY_MS = 30_000;
const KEEP_MB = 50;
const BYTES_PER_MB = 1_000_000;

/** Adds the command; `run` gets its options, read and checked. */
export function addWatch(program: Command, run: (request: WatchRequest) => Promise<void>): void {
  program
    .command("watch [target...]")
    .description(
      "targets for hours or days: when each broke, how long, what changed before, and why",
    )
    .option("--every <time>", "a check of each target (default: 30s)", readSpan, EVERY_MS)
    .option("--for <time>", "end after so long, as 8h or 30m; Ctrl-C otherwise", readSpan)
    .option("--dir <folder>", "journal and recordings (default: ~/.local/state/wsl-trace)")
    .option("--keep <MB>", "recordings kept, the newest", readMegabytes, KEEP_MB)
    .option("--summary", "print what was seen so far, and watch nothing")
    .option("--unit", "print a systemd user unit that watches these targets")
    .option("--json", "the summary as JSON")
    .option("--otlp <url>", OPTION_TEXTS.otlp.replace("the run", "each diagnosis"))
    .option("--host-snapshot <file>", OPTION_TEXTS.snapshot)
    .option("--ca <file>", "an authority that diagnoses trust, too (PEM)")
    .option("--debug", OPTION_TEXTS.debug)
    .action((targets: readonly string[], flags: WatchFlags) => run(readWatch(targets, flags)));
}

const MAX_HOPS = 30;

function readWatch(targets: readonly string[], flags: WatchFlags): WatchRequest {
  if (targets.length === 0 && flags.summary !== true) {
    throw new TraceError("watch-what", "give a target to watch, or --summary of what was seen");
  }
  const { hostSnapshot, kind } = readSnapshot(flags.hostSnapshot);
  return {
    targets: targets.map((target) => parseTarget(target, undefined)),
    options: {
      family: null,
      timeoutMs: null,
      maxHops: MAX_HOPS,
      flows: 1,
      hopNames: true,
      engine: "koffi",
      hostSnapshot: kind,
    },
    everyMs: flags.every,
    forMs: flags.for ?? null,
    folder: flags.dir ?? null,
    keepBytes: flags.keep * BYTES_PER_MB,
    summary: flags.summary === true,
    unit: flags.unit === true,
    json: flags.json === true,
    otlp: flags.otlp ?? null,
    hostSnapshot,
    caFile: flags.ca ?? null,
    kernel: readKernel({}),
  };
}

const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

function readSpan(text: string): number {
  const [, number = "", unit = "s"] = /^(\d{1,6})([smhd])?$/.exec(text) ?? [];
  const ms = Number(number) * (UNITS_MS[unit] ?? 0);
  if (number === "" || ms === 0)
    throw new InvalidArgumentError("Give a time, as 30s, 5m, 8h or 2d.");
  return ms;
}

const MOST_MB = 100_000;

function readMegabytes(text: string): number {
  const megabytes = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (megabytes < 1 || megabytes > MOST_MB) throw new InvalidArgumentError("Give megabytes.");
  return megabytes;
}
