// The names that a program's resolver would query for what was typed, in its order (resolv.conf(5)).

/**
 * glibc's res_search: a name with at least `ndots` dots is tried as it stands first, and with each
 * domain of the search list if that denies it; a shorter one in reverse order. A trailing dot
 * makes it whole (resolv/res_query.c, __res_context_search). musl leaves the list out where there are
 * dots enough (src/network/lookup_name.c, name_from_dns_search).
 */
export function searchNames(
  typed: string,
  search: readonly string[],
  ndots: number,
  libc: "glibc" | "musl" | null = null,
): readonly string[] {
  const name = typed.replace(/\.$/, "");
  if (typed.endsWith(".")) return [name].filter(isAskable);
  const dots = name.split(".").length - 1;
  const longer = search
    .map((domain) => domain.replace(/^\.+|\.+$/g, ""))
    .filter((domain) => domain !== "")
    .map((domain) => `${name}.${domain}`);
  const whole = libc === "musl" ? [name] : [name, ...longer];
  const all = dots >= ndots ? whole : [...longer, name];
  return [...new Set(all)].filter(isAskable);
}

/** RFC 1035 s.2.3.4: what no message can hold is not queried. */
function isAskable(name: string): boolean {
  return name.length <= 253 && name.split(".").every((label) => /^.{1,63}$/.test(label));
}
