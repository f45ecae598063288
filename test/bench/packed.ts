// What a start of the one file costs over a start of what it has unpacked: its shell head, the second time and later.
//
// Run with `npm run bench -- packed`, after `npm run package`. Turn by turn, so that a busy machine slows all of them; prints medians of
// the pairs' differences with their spread, and the load. Asserts nothing.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

const ROOT = new URL("../../", import.meta.url).pathname;
const PROMISED_MS = 20;

interface Start {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
}

export function comparePacked(rounds: number): void {
  const file = packed();
  if (file === undefined) {
    process.stdout.write(
      "not measured: packages/ has no file for this machine (npm run package)\n",
    );
    return;
  }
  const cache = mkdtempSync(join(os.tmpdir(), "wsl-trace-packed-"));
  try {
    const first = timed({ name: "first", file: "sh", args: [file] }, cache);
    process.stdout.write(`first start, which unpacks: ${first.toFixed(0)} ms\n`);
    const own = join(cache, readdirSync(cache)[0] ?? "");
    const plain = {
      name: "its own node dist/cli.js",
      file: join(own, "node"),
      args: [join(own, "dist/cli.js")],
    };
    const others: readonly Start[] = [
      { name: "the one file", file: "sh", args: [file] },
      {
        name: `this ${process.version} dist/cli.js`,
        file: process.execPath,
        args: [join(ROOT, "dist/cli.js")],
      },
    ];
    print(plain, others, cache, rounds);
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

function packed(): string | undefined {
  const pattern = new RegExp(`-linux-${process.arch}$`);
  const folder = join(ROOT, "packages");
  try {
    const name = readdirSync(folder).find((one) => pattern.test(one));
    return name === undefined ? undefined : join(folder, name);
  } catch {
    return undefined;
  }
}

function timed({ file, args }: Start, cache: string): number {
  const env = { PATH: "/usr/bin:/bin", WSL_TRACE_CACHE: cache };
  const startedMs = performance.now();
  execFileSync(file, [...args, "--version"], { env, stdio: "ignore" });
  return performance.now() - startedMs;
}

function print(plain: Start, others: readonly Start[], cache: string, rounds: number): void {
  const base: number[] = [];
  const over = others.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    const plainMs = timed(plain, cache);
    base.push(plainMs);
    for (const [n, one] of others.entries()) over[n]?.push(timed(one, cache) - plainMs);
  }
  process.stdout.write(`${plain.name} --version: ${spread(base)}\n`);
  for (const [n, { name }] of others.entries()) {
    const promise = n === 0 ? `; promised ${PROMISED_MS}` : "";
    process.stdout.write(`${name}: ${spread(over[n] ?? [])} more${promise}\n`);
  }
  const load = os.loadavg().map((one) => one.toFixed(1));
  process.stdout.write(`load ${load.join(" ")} on ${os.cpus().length} processors\n`);
}

function spread(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN).toFixed(1);
  return `${at(0.5)} ms (quarters ${at(0.25)} to ${at(0.75)}, all ${at(0)} to ${at(1)}, n=${sorted.length})`;
}
