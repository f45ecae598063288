// What of the target stays in a redacted run: its name, and the addresses that the name has.

import type { ProbeEvent } from "../../schema/event.ts";

export interface Kept {
  readonly host: string | null;
  readonly addresses: readonly string[];
}

/** Where programs go through a proxy, the addresses that are traced are the proxy's, and do not stay. */
export function keptOf(events: readonly ProbeEvent[]): Kept {
  const started = events.find((event) => event.kind === "run-started");
  if (started?.kind !== "run-started") return { host: null, addresses: [] };
  const { host } = started.target;
  const throughProxy = events.some(
    (event) => event.kind === "proxy-config" && event.through === true,
  );
  const addresses = events.flatMap((event) => addressesIn(event, host, throughProxy));
  return { host, addresses: [host, ...addresses] };
}

function addressesIn(event: ProbeEvent, host: string, throughProxy: boolean): readonly string[] {
  switch (event.kind) {
    case "dns-reply":
    case "dns-check":
      return event.outcome.kind === "answer" && plain(event.name) === plain(host)
        ? event.outcome.addresses
        : [];
    case "libc-lookup":
      return plain(event.name) === plain(host) ? event.addresses : [];
    case "target-addresses":
      return throughProxy ? [] : event.addresses.map(({ address }) => address);
    case "proxy-config":
      return listOf(event.targetAddress ?? null);
    case "direct-attempt":
      return listOf(event.address);
    default:
      return [];
  }
}

function listOf(address: string | null): readonly string[] {
  return address === null ? [] : [address];
}

/** Those that are resolved first get the pseudonyms that look most like addresses of a server. */
export function resolvedAddresses(events: readonly ProbeEvent[]): readonly string[] {
  return events.flatMap((event) =>
    event.kind === "target-addresses" ? event.addresses.map(({ address }) => address) : [],
  );
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}
