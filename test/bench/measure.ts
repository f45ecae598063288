// One run of a program in a network of the bench: its own clock, wall time and CPU, and when its first words came.

import { spawn } from "node:child_process";
import os from "node:os";
import { performance } from "node:perf_hooks";
import type { Report } from "../../src/schema/report.ts";
import type { Net } from "../lab/independent/net.ts";

const CLI = new URL("../../dist/cli.js", import.meta.url).pathname;
const NOBODY = "65534";
/** Twice the longest run of the bench. */
const LIMIT_S = "60";

export interface Ran {
  /** Of the program alone, without what puts it into its namespace. */
  readonly wallMs: number;
  /** User and system together. */
  readonly cpuMs: number;
  /** Until its first bytes on standard output. */
  readonly firstMs: number;
  readonly stdout: string;
}

export interface RunOptions {
  readonly root?: boolean;
  readonly resolvConf?: string;
  /** On a terminal of its own. */
  readonly terminal?: boolean;
}

// bash's own clock measures the program, and not what comes before it.
const SCRIPT = `
[ -z "$1" ] || mount --bind "$1" /etc/resolv.conf || exit
shift
TIMEFORMAT='took %3R %3U %3S'
time timeout ${LIMIT_S} "$@" 2>/dev/null
`;
const TOOK = /took ([\d.]+) ([\d.]+) ([\d.]+)/;
const MS_PER_S = 1000;

/** Null where it is not installed or printed nothing. */
export function runIn(
  net: Net,
  argv: readonly string[],
  { root = false, resolvConf = "", terminal = false }: RunOptions = {},
): Promise<Ran | null> {
  const user = root ? [] : ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
  const quoted = argv.map((one) => `'${one}'`).join(" ");
  const typed = terminal ? ["script", "-qfec", quoted, "/dev/null"] : argv;
  const clean = ["env", "-u", "NODE_EXTRA_CA_CERTS", "-u", "CI"];
  const inside = ["unshare", "--mount", "bash", "-c", SCRIPT, "bash", resolvConf];
  const all = ["netns", "exec", net.name("guest"), ...inside, ...user, ...clean, ...typed];
  const startedMs = performance.now();
  const child = spawn("ip", all, { stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr, firstMs] = ["", "", Number.NaN];
  child.stdout.on("data", (chunk: Buffer) => {
    if (stdout === "") firstMs = performance.now() - startedMs;
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((resolve) => {
    child.on("close", () => {
      const [, real, userS, systemS] = TOOK.exec(stderr) ?? [];
      if (stdout === "" || real === undefined) return resolve(null);
      const wallMs = Number(real) * MS_PER_S;
      const beforeMs = performance.now() - startedMs - wallMs;
      const cpuMs = (Number(userS) + Number(systemS)) * MS_PER_S;
      resolve({ wallMs, cpuMs, firstMs: firstMs - beforeMs, stdout });
    });
  });
}

/** The built tool, with this Node. */
export function tool(...args: readonly string[]): readonly string[] {
  return [process.execPath, CLI, ...args];
}

/** Of `--json`, which the tool has checked against its schema. */
export function reportsOf({ stdout }: Ran): readonly Report[] {
  const parsed: Report | readonly Report[] = JSON.parse(stdout);
  return [parsed].flat();
}

/** The middle of them, or another share, the smallest first; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}

/** "120 (p90 140, n=20)". */
export function formatTimes(values: readonly number[]): string {
  if (values.length === 0) return "-";
  const [median, p90] = [0.5, 0.9].map((share) => quantile(values, share).toFixed(0));
  return `${median} (p90 ${p90}, n=${values.length})`;
}

export function formatLoad(): string {
  const load = os.loadavg().map((one) => one.toFixed(1));
  return `load ${load.join(" ")} on ${os.cpus().length} processors, ${process.version}`;
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
