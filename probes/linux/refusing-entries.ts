// Routes and policy rules that refuse instead of leading anywhere: which of them holds an address.

import { addressOf, inPrefix } from "../../src/host/address.ts";
import type { Family } from "../../src/schema/events/common.ts";
import type { RefusingEntry } from "../../src/schema/events/guest.ts";
import type { System } from "../system.ts";
import { destinationOf } from "./ip-prefix.ts";

const TYPES = ["blackhole", "prohibit", "unreachable"] as const;

const TIMEOUT_MS = 2000;

/** What connect() answers for each type (net/ipv4/fib_semantics.c, fib_props; net/ipv6/route.c, ip6_rt_type_to_error). */
const ROUTE_ERRORS: Readonly<Record<string, RefusingEntry["type"]>> = {
  EINVAL: "blackhole",
  EACCES: "prohibit",
  EHOSTUNREACH: "unreachable",
};
/** A rule's "unreachable" is the error of a missing route (net/ipv4/fib_rules.c, fib4_rule_action). */
const RULE_ERRORS: Readonly<Record<string, RefusingEntry["type"]>> = {
  EINVAL: "blackhole",
  EACCES: "prohibit",
  ENETUNREACH: "unreachable",
};

export interface Refused {
  readonly family: Family;
  readonly address: string;
  /** Of connect(), as errno's name. */
  readonly error: string;
  /** Of the TCP connection that was refused, although the look-up for a datagram was not. */
  readonly port?: number;
  /** This machine's own addresses, for rules that go by the source. */
  readonly sources: readonly string[];
}

/** Those that would refuse the address with this very error, the likeliest first; none without iproute2. */
export async function refusingEntries(
  system: System,
  refused: Refused,
): Promise<readonly RefusingEntry[]> {
  const { family, error } = refused;
  if (ROUTE_ERRORS[error] === undefined && RULE_ERRORS[error] === undefined) return [];
  const show = async (...args: readonly string[]) => {
    const { exitCode, stdout } = await system.run("ip", [`-${family}`, ...args], {
      timeoutMs: TIMEOUT_MS,
    });
    return exitCode === 0 ? stdout : "";
  };
  const [routes, rules] = await Promise.all([show("route", "show", "table", "all"), show("rule")]);
  return [...refusingRules(rules, refused), ...refusingRoutes(routes, refused)];
}

/** Lines as "blackhole 192.0.2.0/24 table 7 metric 5": in each table the longest prefix, then the lowest metric. */
export function refusingRoutes(
  text: string,
  { family, address, error, port }: Refused,
): readonly RefusingEntry[] {
  const wanted = ROUTE_ERRORS[error];
  const target = addressOf(address);
  // A route goes by no port.
  if (wanted === undefined || target === null || port !== undefined) return [];
  const found = text.split("\n").flatMap((line) => {
    const [type = "", destination = ""] = line.trim().split(/\s+/);
    const prefix = destinationOf(destination, family);
    if (type !== wanted || prefix === null || !inPrefix(target, prefix)) return [];
    const table = /\btable (\S+)/.exec(line)?.[1] ?? null;
    const metric = /\bmetric (\d+)/.exec(line)?.[1];
    const entry = { kind: "route", type: wanted, prefix: prefix.text, table } as const;
    return [{ ...entry, metric: metric === undefined ? null : Number(metric) }];
  });
  found.sort(
    (a, b) => lengthOf(b.prefix) - lengthOf(a.prefix) || (a.metric ?? 0) - (b.metric ?? 0),
  );
  return found.filter(({ table }, n) => found.findIndex((one) => one.table === table) === n);
}

/** Lines as "100:	from all to 192.0.2.80 prohibit". */
export function refusingRules(text: string, refused: Refused): readonly RefusingEntry[] {
  const wanted = RULE_ERRORS[refused.error];
  return parseRefusingRules(text).filter(
    ({ type, selector }) => type === wanted && selects(selector, refused),
  );
}

type RefusingRule = Extract<RefusingEntry, { kind: "rule" }>;

function parseRefusingRules(text: string): readonly RefusingRule[] {
  return text.split("\n").flatMap((line): readonly RefusingRule[] => {
    const [, priority, selector = "", word] =
      /^(\d+):\s+(.*?)\s+(blackhole|prohibit|unreachable)\b/.exec(line) ?? [];
    const type = TYPES.find((one) => one === word);
    if (priority === undefined || type === undefined) return [];
    return [{ kind: "rule", type, priority: Number(priority), selector }];
  });
}

/** Whether a rule may be about a packet of ours to that address, by what its selector says of addresses, ports and marks. */
function selects(selector: string, refused: Refused): boolean {
  const { family, address, port, sources } = refused;
  const value = (word: string) => new RegExp(`\\b${word} (\\S+)`).exec(selector)?.[1] ?? null;
  const holds = (word: string, addresses: readonly string[]) => {
    const range = value(word);
    if (range === null || range === "all") return true;
    const prefix = destinationOf(range, family);
    return addresses.some((one) => {
      const parsed = addressOf(one);
      return prefix !== null && parsed !== null && inPrefix(parsed, prefix);
    });
  };
  const [protocol, ports] = [value("ipproto"), value("dport")];
  const goesByPort = protocol !== null || ports !== null;
  // The look-up was for a datagram, which these are not about.
  if (goesByPort !== (port !== undefined)) return false;
  const isTcp = protocol === null || protocol === "tcp";
  const isMarked = /\bfwmark (?!0x0\b)/.test(selector);
  // What is sent from here comes in by lo, to the rules (ip-rule(8)).
  const isOwn = (value("iif") ?? "lo") === "lo";
  const matches =
    holds("from", sources) &&
    holds("to", [address]) &&
    isOwn &&
    !isMarked &&
    isTcp &&
    (port === undefined || inRange(port, ports));
  return matches !== selector.startsWith("not ");
}

/** As iproute2 writes ports: "443" or "8000-8080". */
function inRange(port: number, range: string | null): boolean {
  if (range === null) return true;
  const [low = Number.NaN, high = low] = range.split("-").map(Number);
  return port >= low && port <= high;
}

function lengthOf(prefix: string): number {
  return Number(prefix.split("/")[1]);
}
