// `ip rule` as data: which packets are looked up in which table, the kernel's own rules left out.

import type { Family } from "../../src/schema/events/common.ts";
import type { PolicyRules } from "../../src/schema/events/guest.ts";

/** Every kernel has them (net/ipv4/fib_rules.c): 0 local, 32766 main, 32767 default. */
const OWN = ["local", "main", "default"] as const;

/** Lines as "100:	from all fwmark 0x1 lookup 127"; what looks otherwise is left out. */
export function parseRules(text: string, family: Family): PolicyRules["rules"] {
  return text.split("\n").flatMap((line) => {
    const [, priority, selector = "", table = ""] =
      /^(\d+):\s+(.*?)\s+lookup\s+(\S+)/.exec(line) ?? [];
    if (priority === undefined) return [];
    const isOwn = selector === "from all" && OWN.some((name) => name === table);
    return isOwn ? [] : [{ family, priority: Number(priority), selector, table }];
  });
}
