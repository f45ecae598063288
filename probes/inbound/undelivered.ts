// How many packets of IP came in here and were given to nobody: what netfilter or the reverse-path filter dropped.

import type { Family } from "../../src/schema/events/common.ts";
import { parseList, parsePairs } from "../kernel/counters.ts";
import type { System } from "../system.ts";

/** RFC 4293: beside what is given to somebody, forwarded or refused for its form, a packet that was received is dropped. */
const COUNTERS = {
  4: {
    received: "IpInReceives",
    accounted: [
      "IpInDelivers",
      "IpForwDatagrams",
      "IpInHdrErrors",
      "IpInAddrErrors",
      "IpInUnknownProtos",
      "IpExtInNoRoutes",
    ],
  },
  6: {
    received: "Ip6InReceives",
    accounted: [
      "Ip6InDelivers",
      "Ip6OutForwDatagrams",
      "Ip6InHdrErrors",
      "Ip6InAddrErrors",
      "Ip6InUnknownProtos",
      "Ip6InNoRoutes",
    ],
  },
} as const;

/** Since this network namespace began; null where the counters cannot be read. */
export async function undeliveredPackets(
  { readText }: System,
  family: Family,
): Promise<number | null> {
  const file = family === 4 ? "snmp" : "snmp6";
  const text = await readText(`/proc/self/net/${file}`).catch(() => null);
  if (text === null) return null;
  const values = new Map(family === 4 ? parsePairs(text) : parseList(text));
  const { received, accounted } = COUNTERS[family];
  const all = values.get(received);
  if (all === undefined) return null;
  return accounted.reduce((left, name) => left - (values.get(name) ?? 0), all);
}
