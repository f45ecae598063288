// Routes with several next hops, as `ip -o route` prints them: /proc/net/route shows the first hop of each.

import { prefixOf } from "../../src/host/address.ts";
import type { Family } from "../../src/schema/events/common.ts";
import type { MultipathRoutes } from "../../src/schema/events/guest.ts";

type Route = MultipathRoutes["routes"][number];

const DEFAULTS = { 4: "0.0.0.0/0", 6: "::/0" } as const;
const BITS = { 4: 32, 6: 128 } as const;

/** Lines as "default proto static \\	nexthop via 10.0.0.1 dev eth0 weight 1 \\	nexthop via 10.0.1.1 dev eth1 weight 1 dead linkdown". */
export function parseMultipath(text: string, family: Family): readonly Route[] {
  return text.split("\n").flatMap((line): readonly Route[] => {
    const [head = "", ...nextHops] = line.split("nexthop ");
    const [destination = ""] = head.trim().split(/\s+/);
    const prefix = destination === "default" ? DEFAULTS[family] : destination;
    const parsed = prefixOf(prefix, BITS[family]) ?? prefixOf(prefix);
    const hops = nextHops.flatMap((words) => hopOf(words));
    return parsed === null || hops.length < 2 ? [] : [{ family, prefix: parsed.text, hops }];
  });
}

function hopOf(words: string): Route["hops"] {
  const device = /\bdev (\S+)/.exec(words)?.[1];
  if (device === undefined) return [];
  const gateway = /\bvia (?:inet6? )?(\S+)/.exec(words)?.[1] ?? null;
  const weight = Number(/\bweight (\d+)/.exec(words)?.[1] ?? 1);
  return [{ gateway, interface: device, weight, dead: /\bdead\b/.test(words) }];
}
