// Runs scenarios of the built-in lab through the built command line, as root.

import path from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { traceLive } from "../../matrix/live.ts";
import { resultOf } from "../../matrix/row.ts";
import { LIVE_ROWS } from "../../matrix/rows.ts";
import { tracesOf } from "./labs.ts";

const CLI = path.resolve(import.meta.dirname, "../../../dist/cli.js");

interface Ended {
  readonly pid: number;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function wslTrace(args: readonly string[]): Promise<Ended> {
  const child = execa(process.execPath, [CLI, ...args], { stdin: "ignore", reject: false });
  const { exitCode = null, stdout, stderr } = await child;
  return { pid: child.pid ?? 0, code: exitCode, stdout, stderr };
}

/** The scenario's verdict comes, and nothing of its lab remains. */
export async function expectVerdict(name: string, ...options: readonly string[]): Promise<void> {
  const args = ["lab", "run", name, "--expect", "--json", "--no-redact", ...options];
  const { pid, code, stderr } = await wslTrace(args);
  expect(stderr).toContain(`${name}: the expected verdict came`);
  expect(code).toBe(0);
  expect(await tracesOf(pid)).toEqual([]);
}

/** Far longer than any takes. */
const LIMIT_MS = 120_000;

/** Files that share the scenarios, so that they run at the same time. */
const PARTS = 5;

/** Every fifth scenario: once live here as root, while the recordings have each as root and as a user. */
export function testScenarios(part: number): void {
  const own = LIVE_ROWS.filter((_, n) => n % PARTS === part - 1);
  it.each(own)("gives the verdict of $scenario.name", async (row) => {
    // The network is built in this process: starting the command line for it as well is a third of what a case costs.
    const [traced] = await traceLive(row, ["root"], AbortSignal.timeout(LIMIT_MS));
    expect(traced?.[1]).toBeDefined();
    if (traced !== undefined) expect(resultOf(row, ...traced).wrong).toEqual([]);
  });
}
