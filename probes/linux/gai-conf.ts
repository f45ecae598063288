// gai.conf(5): which destination addresses glibc's getaddrinfo prefers.

import ipaddr from "ipaddr.js";

export interface Precedence {
  readonly range: ReturnType<typeof ipaddr.IPv6.parseCIDR>;
  readonly precedence: number;
}

/** The row that glibc adds where the file has none for every address (sysdeps/posix/getaddrinfo.c, gaiconf_init). */
const ANY = "::/0";
const ANY_PRECEDENCE = 40;

/**
 * The longest prefix first. Null without a `precedence` line; a single one replaces the whole default table.
 */
export function parseGaiConf(text: string): readonly Precedence[] | null {
  const rows = text.split("\n").flatMap((line) => {
    const [keyword, prefix = "", value = ""] = line.replace(/#.*$/s, "").trim().split(/\s+/);
    const isRow =
      keyword === "precedence" && /^\d+$/.test(value) && ipaddr.IPv6.isValidCIDR(prefix);
    return isRow ? [{ range: ipaddr.IPv6.parseCIDR(prefix), precedence: Number(value) }] : [];
  });
  if (rows.length === 0) return null;
  const any = { range: ipaddr.IPv6.parseCIDR(ANY), precedence: ANY_PRECEDENCE };
  return [...rows, any].sort((a, b) => b.range[1] - a.range[1]);
}
