// Runs about names: a distro behind NAT, with the tunnel, or on the host's own addresses, and what servers answer.

import type { EventBody } from "../../src/schema/event.ts";
import type { DnsCheck } from "../../src/schema/events/dns.ts";
import type { DnsOrigin, DnsOutcome, DnsReply } from "../../src/schema/events/dns-replies.ts";
import { type Body, dnsReply, NAME, resolverConfig } from "./events.ts";

/** The host's address on WSL's switch, which is the distro's gateway. */
export const PROXY = "198.51.100.1";
export const TUNNEL = "10.255.255.254";

/** Both questions over UDP and one over TCP, all with the same outcome unless TCP has its own. */
export function says(
  server: string,
  outcome: DnsOutcome,
  more: Partial<DnsReply> = {},
  overTcp: DnsOutcome = outcome,
): readonly EventBody[] {
  return [
    dnsReply(server, outcome, more),
    dnsReply(server, outcome, { type: "AAAA", ...more }),
    dnsReply(server, overTcp, { transport: "tcp", ...more }),
  ];
}

/** The same from a server that only Windows names. */
export function hostSays(
  server: string,
  outcome: DnsOutcome,
  origin: DnsOrigin = "adapter",
): readonly EventBody[] {
  return says(server, outcome, { origin });
}

export function conf(
  servers: readonly string[],
  more: Partial<Body<"resolver-config">> = {},
): Body<"resolver-config"> {
  return { ...resolverConfig(servers), ...more };
}

/** A file that WSL did not write. */
export const byHand = (servers: readonly string[]) => conf(servers, { generatedByWsl: false });

export function dnsCheck(
  server: string,
  purpose: DnsCheck["purpose"],
  outcome: DnsOutcome,
  more: Partial<DnsCheck> = {},
): DnsCheck {
  return {
    kind: "dns-check",
    purpose,
    server,
    origin: "resolv.conf",
    transport: "udp",
    name: NAME,
    type: "A",
    ednsBytes: null,
    round: 1,
    outcome,
    rttMs: outcome.kind === "answer" ? 3 : null,
    sent: 1,
    ...more,
  };
}
