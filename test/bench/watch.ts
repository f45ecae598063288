// What continuous mode costs on a terminal of its own: heap after collections, processor time, and round trips beside a watch without a screen.
//
// Run with `npm run bench -- watch [MINUTES]` after a build, as root. Three watches at once in one network of 40 ms there and back: on a screen as a
// user runs it; on a screen with code that is never compiled, at one round a second, whose heap is what the program itself keeps; and
// without a screen, for the round trips. Writes its table into docs/beside.md. Asserts nothing.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { replaceBlock } from "../../scripts/generated-block.mjs";
import type { WatchedHop } from "../../src/schema/events/watch.ts";
import type { Net } from "../lab/independent/net.ts";
import { OFFICE } from "../lab/independent/office.ts";
import { formatLoad, pause } from "./measure.ts";
import { createBenchNetwork } from "./networks.ts";

const CLI = new URL("../../dist/cli.js", import.meta.url).pathname;
const PAGE = new URL("../../docs/beside.md", import.meta.url);
const REPORT = new URL("./heap-report.mjs", import.meta.url).pathname;
const RTT_MS = 40;
const MS_PER_MINUTE = 60_000;
/** The run itself, and what is compiled while rounds begin. */
const WARM_S = 60;
const BYTES_PER_MB = 1_000_000;

interface Sample {
  readonly atS: number;
  readonly heapBytes: number;
  readonly cpuS: number;
}

interface Kind {
  readonly name: string;
  readonly flags: readonly string[];
  readonly screen: boolean;
  /** What is pressed before anything is measured. */
  readonly key?: string;
}

const KINDS = {
  screen: { name: "on a screen", flags: [], screen: true },
  plain: { name: "on a screen, nothing compiled", flags: ["--no-opt"], screen: true, key: "+" },
  silent: { name: "without a screen", flags: [], screen: false },
} as const satisfies Record<string, Kind>;

interface Watched {
  readonly samples: readonly Sample[];
  readonly hops: readonly WatchedHop[];
}

export async function compareWatch(minutes: number): Promise<void> {
  const network = await createBenchNetwork({ rttMs: RTT_MS });
  const folder = await mkdtemp(join(tmpdir(), "wsl-trace-watch-"));
  const load = formatLoad();
  const watched = (kind: Kind) => watchOnce(network.net, kind, minutes, folder);
  try {
    const [screen, plain, silent] = await Promise.all([
      watched(KINDS.screen),
      watched(KINDS.plain),
      watched(KINDS.silent),
    ]);
    const table = [
      `${minutes} minutes, with ${load}:`,
      "",
      "| on a screen of 140 by 40 | heap, first half | second half | processor |",
      "| --- | --- | --- | --- |",
      costRow("as a user runs it, a round every 2 s", screen.samples),
      costRow("nothing compiled, a round each second", plain.samples),
      "",
      "| hop | average on a screen | without | apart by | standard errors |",
      "| --- | --- | --- | --- | --- |",
      ...rttRows(screen.hops, silent.hops),
    ];
    process.stdout.write(`${table.join("\n")}\n`);
    const page = await readFile(PAGE, "utf8");
    await writeFile(PAGE, replaceBlock(page, "watch", `\n${table.join("\n")}\n`));
  } finally {
    await rm(folder, { recursive: true, force: true });
    await network.remove();
  }
}

async function watchOnce(
  net: Net,
  { name, flags, screen, key = "" }: Kind,
  minutes: number,
  folder: string,
): Promise<Watched> {
  const file = (what: string) => join(folder, `${name} ${what}`.replaceAll(/\W+/g, "-"));
  const [heap, report] = [file("heap"), `${file("report")}.json`];
  const node = [process.execPath, "--expose-gc", ...flags, "--import", REPORT, CLI];
  // Discard (RFC 863): refused, so that the run before the rounds is short.
  const target = [OFFICE.site4, "--port", "9", "--host-snapshot", "none", "--no-wait"];
  const rounds = ["--watch", "--report", report, "--no-redact"];
  const argv = [...node, "path", ...target, ...rounds];
  // A pseudo-terminal, of util-linux (script(1)).
  const typed = `stty cols 140 rows 40; exec ${argv.join(" ")}`;
  const program = screen ? ["script", "-qfec", typed, "/dev/null"] : argv;
  const env = ["env", "-u", "CI", `WSL_TRACE_HEAP_FILE=${heap}`];
  const child = spawn("ip", ["netns", "exec", net.name("guest"), ...env, ...program], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  const ended = once(child, "exit");
  try {
    await pause((WARM_S / 2) * 1000);
    child.stdin.write(key);
    await pause((WARM_S / 2) * 1000 + minutes * MS_PER_MINUTE);
    if (screen) child.stdin.write("q");
    else child.kill("SIGINT");
    await ended;
    const { watch } = JSON.parse(await readFile(report, "utf8"));
    return { samples: await samplesOf(heap), hops: watch.hops };
  } finally {
    child.kill();
  }
}

async function samplesOf(file: string): Promise<readonly Sample[]> {
  const lines = (await readFile(file, "utf8")).trim().split("\n");
  return lines.map((line): Sample => JSON.parse(line)).filter(({ atS }) => atS >= WARM_S);
}

/** Least of each half, as what is in use for a moment only adds to it; and the share of one processor. */
function costRow(what: string, samples: readonly Sample[]): string {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined) throw new Error("nothing was measured");
  const middle = Math.ceil(samples.length / 2);
  const leastMb = (some: readonly Sample[]) =>
    Math.min(...some.map(({ heapBytes }) => heapBytes)) / BYTES_PER_MB;
  const [before, after] = [leastMb(samples.slice(0, middle)), leastMb(samples.slice(middle))];
  const share = ((last.cpuS - first.cpuS) / (last.atS - first.atS)) * 100;
  const cells = [
    what,
    `${before.toFixed(2)} MB`,
    `${after.toFixed(2)} MB`,
    `${share.toFixed(1)} %`,
  ];
  return `| ${cells.join(" | ")} |`;
}

function rttRows(screen: readonly WatchedHop[], silent: readonly WatchedHop[]): readonly string[] {
  return screen.flatMap((hop) => {
    const other = silent.find(({ ttl }) => ttl === hop.ttl);
    if (hop.meanMs === null || other?.meanMs == null) return [];
    const percent = (hop.meanMs / other.meanMs - 1) * 100;
    const error = percentError(hop) + percentError(other);
    const mean = ({ meanMs, sent }: WatchedHop) => `${meanMs?.toFixed(3)} ms of ${sent}`;
    const cells = [`${hop.ttl}`, mean(hop), mean(other), `${percent.toFixed(2)} %`];
    return [`| ${cells.join(" | ")} | ${error.toFixed(2)} % |`];
  });
}

/** Standard error of the mean. */
function percentError({ meanMs, deviationMs, sent, lost }: WatchedHop): number {
  if (meanMs === null || deviationMs === null) return Number.NaN;
  return (deviationMs / Math.sqrt(sent - lost) / meanMs) * 100;
}
