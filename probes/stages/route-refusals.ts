// Why the kernel refuses an address that it was asked for: a route or a policy rule of the distro, where one stands for the error.

import { stageOf } from "../../src/facts/connection/attempt.ts";
import { ownAddressesOf } from "../../src/facts/reach/reach.ts";
import type { Path } from "../../src/model/path.ts";
import type { Family } from "../../src/schema/events/common.ts";
import type { RouteOutcome } from "../../src/schema/events/guest.ts";
import { refusingEntries } from "../linux/refusing-entries.ts";
import type { System } from "../system.ts";

export interface RouteTarget {
  readonly address: string;
  readonly family: Family;
}

/** A look-up's or a connection's error that a route or a rule stands for; null where none does. */
export async function refusalOf(
  system: System,
  path: Path,
  refused: RouteTarget & { readonly error: string; readonly port?: number },
): Promise<Extract<RouteOutcome, { kind: "no-route" }> | null> {
  const { error } = refused;
  const sources = [...ownAddressesOf(path)];
  const refusedBy = await refusingEntries(system, { ...refused, error, sources });
  return refusedBy.length === 0 ? null : { kind: "no-route", error, refusedBy: [...refusedBy] };
}

/**
 * A rule that goes by protocol or port refuses the connection, and not the look-up for a datagram to another port;
 * null where the connection had no such error, or no rule stands for it.
 */
export async function refusedByPort(
  system: System,
  path: Path,
  { address, family, outcome }: RouteTarget & { readonly outcome: RouteOutcome },
): Promise<RouteOutcome | null> {
  const attempt = path.connections.default.find((one) => one.address === address);
  const result = stageOf(attempt, "connect")?.result;
  if (outcome.kind !== "route" || attempt === undefined || result?.kind !== "failed") return null;
  const { port } = attempt;
  return refusalOf(system, path, { address, family, error: result.code, port });
}
