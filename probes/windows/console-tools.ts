// The snapshot where PowerShell is not to be had: what ipconfig, route and netsh print.

import type { HostSnapshot } from "../../src/schema/host-snapshot.ts";
import type { InteropState } from "../linux/interop.ts";
import { decodeOutput } from "./decode.ts";
import { parseIpconfig } from "./ipconfig.ts";
import { parseNetsh } from "./netsh.ts";
import { type ProgramOutputs, snapshotFrom } from "./program-rows.ts";
import { findSystemProgram } from "./programs.ts";
import { parseRoutePrint } from "./route-print.ts";
import type { WindowsDeps } from "./windows-deps.ts";

const TIMEOUT_MS = 8000;
const MAX_BYTES = 2_000_000;

const COMMANDS = {
  codePage: ["chcp.com"],
  ipconfig: ["ipconfig.exe", "/all"],
  route: ["route.exe", "print"],
  interfaces4: ["netsh.exe", "interface", "ipv4", "show", "interfaces"],
  interfaces6: ["netsh.exe", "interface", "ipv6", "show", "interfaces"],
  routes4: ["netsh.exe", "interface", "ipv4", "show", "route"],
  routes6: ["netsh.exe", "interface", "ipv6", "show", "route"],
  ports: ["netsh.exe", "interface", "ipv4", "show", "excludedportrange", "protocol=tcp"],
} as const;

/** What a program printed, or why there is nothing. */
type Output = { readonly bytes: Uint8Array } | { readonly problem: string };

/** Null when no program gave a row of anything. All run at once, so that a hang costs its limit once. */
export async function snapshotOfPrograms(
  deps: WindowsDeps,
  interop: InteropState,
  signal: AbortSignal,
): Promise<HostSnapshot | null> {
  const run = ([name, ...args]: readonly [string, ...string[]]) =>
    runProgram(deps, interop, name, args, signal);
  const [codePage, ipconfig, route, interfaces4, interfaces6, routes4, routes6, ports] =
    await Promise.all([
      run(COMMANDS.codePage),
      run(COMMANDS.ipconfig),
      run(COMMANDS.route),
      run(COMMANDS.interfaces4),
      run(COMMANDS.interfaces6),
      run(COMMANDS.routes4),
      run(COMMANDS.routes6),
      run(COMMANDS.ports),
    ]);
  const page = pageOf(codePage);
  const text = (output: Output) => ("problem" in output ? output : decoded(output.bytes, page));
  // Every Windows has an adapter and a route, but not every one has IPv6 or a port range.
  const outputs: ProgramOutputs = {
    ipconfig: parsed("ipconfig", text(ipconfig), parseIpconfig, (table) => table.blocks),
    route: parsed("route", text(route), parseRoutePrint, (table) => table.routes),
    interfaces4: parsed("netsh", text(interfaces4), parseNetsh, (table) => table.rows),
    interfaces6: parsed("netsh", text(interfaces6), parseNetsh, null),
    routes4: parsed("netsh", text(routes4), parseNetsh, (table) => table.rows),
    routes6: parsed("netsh", text(routes6), parseNetsh, null),
    ports: parsed("netsh", text(ports), parseNetsh, null),
  };
  for (const [name, output] of Object.entries(outputs)) {
    const lines = "notUnderstood" in output ? output.notUnderstood : [];
    if (lines.length > 0) deps.debug(`${name}: ${lines.length} lines were not understood`);
  }
  return snapshotFrom(outputs);
}

function decoded(bytes: Uint8Array, page: number | null): { readonly text: string } {
  return { text: decodeOutput(bytes, page) };
}

/** A message instead of a table must not pass for a table without rows. */
function parsed<T>(
  name: string,
  output: { readonly text: string } | { readonly problem: string },
  parse: (text: string) => T,
  rowsOf: ((table: T) => readonly unknown[]) | null,
): T | { readonly problem: string } {
  if ("problem" in output) return output;
  const table = parse(output.text);
  return rowsOf !== null && rowsOf(table).length === 0
    ? { problem: `${name} printed nothing that was understood` }
    : table;
}

async function runProgram(
  deps: WindowsDeps,
  interop: InteropState,
  name: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<Output> {
  const file = await findSystemProgram(deps.system, interop, deps.searchPath, name);
  if (file === null) return { problem: `${name} was not found` };
  const { end, stdout, elapsedMs } = await deps.run({
    file,
    args,
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
    signal,
  });
  const ended = end.kind === "exited" ? `exit code ${end.exitCode}` : end.kind;
  const ms = Math.round(elapsedMs);
  deps.debug(`${file} ${args.join(" ")}: ${ended} after ${ms} ms, ${stdout.length} B`);
  if (end.kind !== "exited") return { problem: `${name}: ${end.kind}` };
  // Some of them exit with 1 although they printed everything; an empty answer is none.
  if (stdout.length === 0) return { problem: `${name} printed nothing (${ended})` };
  return { bytes: stdout };
}

/** The number in "Active code page: 437", in whatever language the words are. */
function pageOf(output: Output): number | null {
  if ("problem" in output) return null;
  const digits = /(\d{3,5})\D*$/.exec(Buffer.from(output.bytes).toString("latin1"))?.[1];
  return digits === undefined ? null : Number(digits);
}
