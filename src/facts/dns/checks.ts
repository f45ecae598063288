// The queries beside those that a program sends, by the purpose of each.

import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { DnsCheck } from "../../schema/events/dns.ts";

/** @param server of all servers where it is left out */
export function checksOf(
  { dnsChecks }: Path,
  purpose: DnsCheck["purpose"],
  server?: string,
): readonly Seen<DnsCheck>[] {
  return dnsChecks.filter(
    (check) => check.purpose === purpose && (server === undefined || check.server === server),
  );
}
