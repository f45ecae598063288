// The addresses of a name that a program tries before the one that works, and what came of each.

import type { Attempt } from "../../model/connections.ts";
import type { Path } from "../../model/path.ts";
import { perPath } from "../per-path.ts";
import { attemptState } from "./attempt.ts";
import { defaultAttempt, isConnected } from "./subject.ts";

export interface DeadAddress {
  readonly address: string;
  readonly tried: number;
  /** The error that ends a connection to it at once; null where nothing answers. */
  readonly code: string | null;
  readonly evidence: readonly string[];
}

/**
 * Those before the address that the default attempt connected to. One without a route costs a program nothing,
 * and does not count; of IPv6 before IPv4 another rule judges.
 */
export const deadAddresses = perPath("deadAddresses", (path): readonly DeadAddress[] => {
  const attempt = defaultAttempt(path);
  const all = path.addresses?.addresses ?? [];
  if (attempt === undefined || !isConnected(path)) return [];
  const before = all.slice(
    0,
    all.findIndex(({ address }) => address === attempt.address),
  );
  return before
    .filter(({ family }) => family === attempt.family || family === 4)
    .flatMap(({ address }) => deadAt(path, address) ?? []);
});

function deadAt(path: Path, address: string): DeadAddress | null {
  const lookup = path.lookups.find((one) => one.address === address);
  if (lookup?.outcome.kind === "no-route") return null;
  const tried = connectionsTo(path, address);
  if (tried.some((one) => attemptState(one, "connect") === "passed")) return null;
  const code = tried.flatMap(connectErrors)[0] ?? null;
  // One SYN may be lost.
  if (tried.length < 2) return null;
  return { address, tried: tried.length, code, evidence: tried.map(({ id }) => id) };
}

/** The connections that show whether an address answers. */
export function connectionsTo({ attempts }: Path, address: string): readonly Attempt[] {
  return attempts.filter((one) => one.address === address && CHOOSING.includes(one.purpose));
}

const CHOOSING: readonly Attempt["purpose"][] = ["default", "other-family", "other-address"];

/** The error that connecting ended with; empty where it did not. */
export function connectErrors({ stages }: Attempt): readonly string[] {
  const result = stages.find(({ stage }) => stage === "connect")?.result;
  return result?.kind === "failed" ? [result.code] : [];
}
