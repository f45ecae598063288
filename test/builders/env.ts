// The report of env over a snapshot of the host, or none, and whatever else was seen.

import { makeEnv } from "../../src/report/make-env.ts";
import type { EventBody } from "../../src/schema/event.ts";
import {
  BEHIND_NAT,
  hostSnapshot,
  interfaces,
  lookup,
  numbered,
  resolverConfig,
  routes,
  runStarted,
  targetAddresses,
  vantage,
} from "./events.ts";

export function envOf(snapshot: unknown, ...more: readonly EventBody[]) {
  const host = hostSnapshot(snapshot, snapshot === null ? "Windows did not answer" : null);
  const guest = [vantage(), interfaces(BEHIND_NAT), routes(BEHIND_NAT), resolverConfig()];
  const seen = [{ ...runStarted(), command: "env" } as const, ...guest, host];
  return makeEnv(numbered([...seen, targetAddresses(), lookup(), ...more]));
}
