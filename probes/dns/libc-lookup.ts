// The second witness: the name as the C library resolves it, with nsswitch.conf, its caches and its own queries.

import type { ProbeContext } from "../../src/probe.ts";
import type { Family } from "../../src/schema/events/common.ts";
import { familyOf } from "../native/sockaddr.ts";
import type { System } from "../system.ts";

/** Longer than its rounds take with the usual options. */
const LIMIT_MS = 20_000;
/** getent(1): one or more keys were not found. */
const NOT_FOUND = 2;
const NSSWITCH = "/etc/nsswitch.conf";

export interface LibcDeps {
  readonly system: System;
}

export interface LibcQuestion {
  readonly name: string;
  /** The only one wanted; null for both. */
  readonly family: Family | null;
  readonly round: number;
  readonly signal: AbortSignal;
}

/**
 * Asks once, and reports it; nothing where there is no such program, or it was ended.
 * @returns the addresses that it gave
 */
export async function askLibc(
  { system }: LibcDeps,
  { clock, emit }: ProbeContext,
  { name, family, round, signal }: LibcQuestion,
): Promise<readonly string[]> {
  const startedMs = clock.now();
  const limits = { timeoutMs: LIMIT_MS, signal };
  const [{ exitCode, stdout }, sources] = await Promise.all([
    system.run("getent", ["ahosts", name], limits),
    readSources(system),
  ]);
  if (signal.aborted || (exitCode !== 0 && exitCode !== NOT_FOUND)) return [];
  const found = stdout.split("\n").map((line) => line.split(/\s/, 1)[0] ?? "");
  const addresses = [...new Set(found)].filter((address) => {
    const own = familyOf(address);
    return own !== undefined && (family === null || own === family);
  });
  const ms = clock.now() - startedMs;
  emit({ kind: "libc-lookup", name, addresses, exitCode, round, ms, sources });
  return addresses;
}

async function readSources(system: System): Promise<string | null> {
  const text = await system.readText(NSSWITCH).catch(() => "");
  return /^hosts:\s*(.*?)\s*(#.*)?$/m.exec(text)?.[1] ?? null;
}
