// What the run is about: the address that is traced, the kernel's route to it, and its own answers.

import type { Attempt } from "../../model/connections.ts";
import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { RouteLookup } from "../../schema/events/guest.ts";
import type { ProbeOutcome } from "../../schema/events/probe.ts";
import type { Target } from "../../schema/events/run.ts";
import { attemptState } from "./attempt.ts";

/** What the user named, which is not where the run's packets go where a proxy is on the way; null before the run. */
export function requestedTarget({ requested, run }: Path): Target | null {
  return requested ?? run?.target ?? null;
}

/** The attempt that does what a program would do; after a change of family, the last one. */
export function defaultAttempt(path: Path): Attempt | undefined {
  return path.connections.default.at(-1);
}

/** Whether the default attempt came as far as a connection. */
export function isConnected(path: Path): boolean {
  const attempt = defaultAttempt(path);
  return attempt !== undefined && attemptState(attempt, "connect") === "passed";
}

/** Where the default attempt went, else the first address that was found. */
export function tracedAddress(path: Path): string | undefined {
  return defaultAttempt(path)?.address ?? path.addresses?.addresses[0]?.address;
}

/** The kernel's route to the traced address, else the first that was looked up. */
export function tracedLookup(path: Path): Seen<RouteLookup> | undefined {
  const address = defaultAttempt(path)?.address;
  return path.lookups.find((lookup) => lookup.address === address) ?? path.lookups[0];
}

/** The route to the traced address; null without one. */
export function tracedRoute(path: Path) {
  const lookup = tracedLookup(path);
  return lookup?.outcome.kind === "route" ? { id: lookup.id, ...lookup.outcome } : null;
}

/** Whether packets to the target stay on this machine: they leave by its loopback. */
export function isOnThisMachine(path: Path): boolean {
  const name = tracedRoute(path)?.interface;
  return path.interfaces?.interfaces.some((one) => one.name === name && one.loopback) === true;
}

/** MTU in bytes of the link that packets to an address leave by; null without a route. */
export function linkMtuTo(path: Path, address: string | undefined): number | null {
  const lookup = path.lookups.find((candidate) => candidate.address === address);
  return lookup?.outcome.kind === "route" ? lookup.outcome.linkMtu : null;
}

/** Whether an answer to a UDP probe came from the target's own stack. */
export function isFromTarget(outcome: ProbeOutcome, target: string): boolean {
  return outcome.kind === "reply" || (outcome.kind === "unreachable" && outcome.from === target);
}
