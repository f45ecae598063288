// Routes with several next hops, as `ip -o route` prints them: /proc/net/route shows the first hop of each.

import type { Family } from "../../src/schema/events/common.ts";
import type { MultipathRoutes } from "../../src/schema/events/guest.ts";
import { destinationOf } from "./ip-prefix.ts";

type Route = MultipathRoutes["routes"][number];

/** Lines as "default proto static \\	nexthop via 10.0.0.1 dev eth0 weight 1 \\	nexthop via 10.0.1.1 dev eth1 weight 1 dead linkdown". */
export function parseMultipath(text: string, family: Family): readonly Route[] {
  return text.split("\n").flatMap((line): readonly Route[] => {
    const [head = "", ...nextHops] = line.split("nexthop ");
    const [destination = ""] = head.trim().split(/\s+/);
    const prefix = destinationOf(destination, family);
    const hops = nextHops.flatMap((words) => hopOf(words));
    return prefix === null || hops.length < 2 ? [] : [{ family, prefix: prefix.text, hops }];
  });
}

function hopOf(words: string): Route["hops"] {
  const device = /\bdev (\S+)/.exec(words)?.[1];
  if (device === undefined) return [];
  const gateway = /\bvia (?:inet6? )?(\S+)/.exec(words)?.[1] ?? null;
  const weight = Number(/\bweight (\d+)/.exec(words)?.[1] ?? 1);
  return [{ gateway, interface: device, weight, dead: /\bdead\b/.test(words) }];
}
