// The address of a name that the run itself is not about: the hosts file, then the servers of resolv.conf.

import type { ProbeContext } from "../../src/probe.ts";
import { askUdp } from "../dns/udp-query.ts";
import { lookupHosts } from "../linux/resolv-conf.ts";
import type { ConnectDatagram } from "../native/datagram.ts";
import { familyOf } from "../native/sockaddr.ts";
import type { System } from "../system.ts";

export interface LookupDeps {
  readonly system: System;
  readonly connect: ConnectDatagram;
}

/** Null where the name has no address; an address is its own. */
export async function lookupAddress(
  { system, connect }: LookupDeps,
  context: ProbeContext,
  host: string,
): Promise<string | null> {
  if (familyOf(host) !== undefined) return host;
  const { clock, signal } = context;
  const options = { now: clock.now, sleep: clock.sleep, connect, signal };
  const [known] = lookupHosts(await system.readText("/etc/hosts").catch(() => ""), host);
  if (known !== undefined) return known;
  for (const server of context.path().resolverConfig?.servers ?? []) {
    for (const type of ["A", "AAAA"] as const) {
      const { outcome } = await askUdp({ server, name: host, type }, options).result;
      if (outcome.kind === "answer" && outcome.addresses[0] !== undefined) {
        return outcome.addresses[0];
      }
      if (outcome.kind !== "answer") break;
    }
  }
  return null;
}
