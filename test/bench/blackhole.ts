// How long it takes to know: wsl-trace's whole run beside scamper's and traceroute's, in the silent lab.
//
// Run with `npm run bench -- blackhole`. Prints medians with their spread and the ratio; asserts nothing.

import { execFile } from "node:child_process";
import { performance } from "node:perf_hooks";
import { promisify } from "node:util";
import { createLab, type Lab } from "../../probes/lab/src/lab.ts";
import { scenarioNamed } from "../../probes/lab/src/scenarios.ts";
import { systemClock } from "../../src/clock.ts";
import { report as reportSchema } from "../../src/schema/report.ts";
import { realLabSystem } from "../builders/lab-system.ts";
import { inboundTiming } from "./inbound.ts";
import { outboundMs } from "./outbound.ts";

const exec = promisify(execFile);
const at = (path: string) => new URL(`../../${path}`, import.meta.url).pathname;

interface Contender {
  readonly name: string;
  readonly argv: (address: string, lab: Lab) => readonly string[];
  /** What it found, in a few words. */
  readonly found: (stdout: string) => string;
  /** Milliseconds of the outbound half, where a program does more. */
  readonly outboundMs?: (stdout: string) => number | null;
}

const CONTENDERS: readonly Contender[] = [
  {
    name: "wsl-trace path (both directions, verdict)",
    argv: (_address, lab) => [
      process.execPath,
      at("dist/cli.js"),
      "path",
      lab.scenario.target,
      "--json",
      "--no-redact",
      "--once",
      "-4",
      "--host-snapshot",
      lab.snapshotFile,
      "--ca",
      lab.caFile,
    ],
    found: (stdout) => {
      const { findings, pmtu } = reportSchema.parse(JSON.parse(stdout));
      return `${findings[0]?.cause}, inbound ${pmtu.inbound.bytes}, outbound ${pmtu.outbound.bytes}`;
    },
    outboundMs: (stdout) => outboundMs(reportSchema.parse(JSON.parse(stdout)).events),
  },
  {
    name: "scamper trace -P udp-paris -M -w 1 (outbound)",
    argv: (address) => ["scamper", "-c", "trace -P udp-paris -M -w 1", "-i", address],
    found: (stdout) => stdout.match(/\[\*?mtu: \d+\*?\]/g)?.join(" ") ?? "no size",
  },
  {
    name: "traceroute --mtu -q1 -w1 (outbound)",
    argv: (address) => ["traceroute", "--mtu", "-q1", "-w1", "-n", address],
    found: (stdout) => /F=\d+/g.exec(stdout.split("\n").at(-2) ?? "")?.[0] ?? "no size",
  },
];

async function timed(
  lab: Lab,
  contender: Contender,
): Promise<{ ms: number; found: string; outboundMs: number | null } | null> {
  const address = (lab.scenario.zone[lab.scenario.target] ?? []).find((one) => !one.includes(":"));
  const { file, args } = lab.vantage.command(contender.argv(address ?? "", lab));
  const startedMs = performance.now();
  const stdout = await output(file, args);
  if (stdout === "") return null;
  const ms = performance.now() - startedMs;
  return { ms, found: contender.found(stdout), outboundMs: contender.outboundMs?.(stdout) ?? null };
}

/** What a program printed, whatever its exit code. */
function output(file: string, args: readonly string[]): Promise<string> {
  return exec(file, [...args], { maxBuffer: 1e8, timeout: 120_000 }).then(
    ({ stdout }) => stdout,
    (error) => String(error.stdout ?? ""),
  );
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function inLab(name: string, work: (lab: Lab) => Promise<void>): Promise<void> {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new Error(`the lab has no scenario ${name}`);
  const factory = createLab({
    system: realLabSystem,
    clock: systemClock,
    labHost: { file: process.execPath, args: [at("dist/lab/lab-host.js")] },
    labWindows: { file: process.execPath, args: [at("dist/lab/lab-windows.js")] },
  });
  const lab = await factory.build(scenario, {
    signal: new AbortController().signal,
    notify: (line) => process.stdout.write(`${line}\n`),
  });
  try {
    await work(lab);
  } finally {
    await lab.dispose();
  }
}

/** The promise: 10 round trips and 150 ms after the first connect. */
async function measureInbound(lab: Lab, rounds: number): Promise<void> {
  const [own] = CONTENDERS;
  const times: number[] = [];
  let rttMs = 0;
  for (let round = 0; round < rounds && own !== undefined; round++) {
    const { file, args } = lab.vantage.command(own.argv("", lab));
    const stdout = await output(file, args);
    const timing = inboundTiming(reportSchema.parse(JSON.parse(stdout)).events);
    if (timing === null) continue;
    times.push(timing.ms);
    rttMs = timing.rttMs;
  }
  const spread = `${Math.min(...times).toFixed(0)}..${Math.max(...times).toFixed(0)}`;
  process.stdout.write(
    `inbound PMTU known ${median(times).toFixed(0)} ms (${spread}, n=${times.length}) after the first connect; 10 round trips and 150 ms are ${(10 * rttMs + 150).toFixed(0)} ms\n`,
  );
}

async function compare(lab: Lab, rounds: number): Promise<void> {
  const results = new Map<string, number[]>();
  const found = new Map<string, string>();
  const outbound: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const contender of CONTENDERS) {
      await lab.flushCaches();
      const result = await timed(lab, contender);
      if (result === null) continue;
      results.set(contender.name, [...(results.get(contender.name) ?? []), result.ms]);
      found.set(contender.name, result.found);
      if (result.outboundMs !== null) outbound.push(result.outboundMs);
    }
  }
  print(results, found);
  printOutbound(outbound, results);
}

/** Like with like: the others look outbound only, and their start is small. */
function printOutbound(
  outbound: readonly number[],
  results: ReadonlyMap<string, readonly number[]>,
): void {
  const spread = `${Math.min(...outbound).toFixed(0)}..${Math.max(...outbound).toFixed(0)}`;
  process.stdout.write(
    `wsl-trace's outbound half alone: ${median(outbound).toFixed(0)} ms (${spread}, n=${outbound.length})\n`,
  );
  for (const [name, times] of [...results].slice(1)) {
    const ratio = (median(times) / median(outbound)).toFixed(1);
    process.stdout.write(`  ${name}: ${ratio} x\n`);
  }
}

function print(
  results: ReadonlyMap<string, readonly number[]>,
  found: ReadonlyMap<string, string>,
) {
  const [own] = CONTENDERS;
  const base = median(results.get(own?.name ?? "") ?? []);
  for (const { name } of CONTENDERS) {
    const times = results.get(name);
    if (times === undefined) {
      process.stdout.write(`${name}: not installed or without output\n`);
      continue;
    }
    const spread = `${(Math.min(...times) / 1000).toFixed(2)}..${(Math.max(...times) / 1000).toFixed(2)}`;
    const seconds = (median(times) / 1000).toFixed(2);
    const ratio = (median(times) / base).toFixed(2);
    process.stdout.write(
      `${name}: ${seconds} s (${spread}, n=${times.length}), ${ratio} x; found: ${found.get(name)}\n`,
    );
  }
}

export async function compareBlackHole(rounds: number): Promise<void> {
  await inLab("wsl2-vpn", (lab) => measureInbound(lab, rounds));
  await inLab("wsl2-vpn-silent", (lab) => compare(lab, rounds));
}
