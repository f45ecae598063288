// `ip route get`: the route that the kernel takes by all its tables, which /proc/net/route does not hold.

import type { System } from "../system.ts";

export interface ShownRoute {
  readonly device: string;
  /** Where packets would be sent from; null where it is not printed. */
  readonly source: string | null;
  /** Null when the destination is on the link itself. */
  readonly gateway: string | null;
  /** Null for the main table. */
  readonly table: string | null;
  /** It has a time to live: a cached PMTU. */
  readonly expires: boolean;
  /** A route's own MTU, or the cached PMTU; null without one. */
  readonly mtu: number | null;
}

/** What packets have besides, which a rule may look at. */
export interface RouteSelectors {
  readonly device?: string | undefined;
  readonly mark?: number | undefined;
}

const TIMEOUT_MS = 2000;

/** By address; null without iproute2, without a route, or where its answer is not understood. */
export async function showRoutes(
  system: System,
  addresses: readonly string[],
  selectors: RouteSelectors = {},
): Promise<ReadonlyMap<string, ShownRoute | null>> {
  const by = wordsOf(selectors);
  const together = await showTogether(system, addresses, by);
  const all = addresses.map(async (address) => {
    const shown = together.get(address) ?? (await showRoute(system, address, by));
    return [address, shown] as const;
  });
  return new Map(await Promise.all(all));
}

function wordsOf({ device, mark }: RouteSelectors): readonly string[] {
  return [
    ...(device === undefined ? [] : ["oif", device]),
    ...(mark === undefined ? [] : ["mark", String(mark)]),
  ];
}

/** What a line of a batch may hold as it is: no blank, quotation mark or comment, and no zone, which would end the batch. */
const PLAIN = /^[\w.:@-]+$/;

/**
 * By one program. An address that is not in its answer is looked up alone: an `ip` of busybox knows no batch, and a line that it
 * cannot read ends it in spite of -force. An answer begins with its address, or with the route's type and the address.
 */
async function showTogether(
  system: System,
  addresses: readonly string[],
  by: readonly string[],
): Promise<ReadonlyMap<string, ShownRoute | null>> {
  const plain = addresses.filter((address) => PLAIN.test(address));
  if (plain.length < 2 || !by.every((word) => PLAIN.test(word))) return new Map();
  const input = plain.map((address) => `${["route", "get", address, ...by].join(" ")}\n`).join("");
  const options = { timeoutMs: TIMEOUT_MS, input };
  const { stdout } = await system.run("ip", ["-o", "-force", "-batch", "-"], options);
  const answers = stdout.split("\n").flatMap((line) => {
    const address = line.split(" ", 2).find((word) => plain.includes(word));
    return address === undefined ? [] : [[address, parseRouteGet(line)] as const];
  });
  return new Map(answers);
}

/** Null without iproute2, without a route, or where its answer is not understood. */
async function showRoute(
  system: System,
  address: string,
  by: readonly string[],
): Promise<ShownRoute | null> {
  const shown = await system.run("ip", ["route", "get", address, ...by], { timeoutMs: TIMEOUT_MS });
  return shown.exitCode === 0 ? parseRouteGet(shown.stdout) : null;
}

/**
 * Its text, as `-j` is not to be relied on: iproute2 4.15 (Ubuntu 18.04) prints text all the same, before 5.3 a route with an MTU is
 * broken JSON, and busybox knows no such option.
 */
export function parseRouteGet(text: string): ShownRoute | null {
  const device = /\bdev (\S+)/.exec(text)?.[1];
  if (device === undefined) return null;
  const gateway = /\bvia (?:inet6? )?(\S+)/.exec(text)?.[1] ?? null;
  const table = /\btable (\S+)/.exec(text)?.[1] ?? null;
  const mtu = /\bmtu (?:lock )?(\d+)/.exec(text)?.[1];
  return {
    device,
    source: /\bsrc (\S+)/.exec(text)?.[1] ?? null,
    mtu: mtu === undefined ? null : Number(mtu),
    gateway,
    table: table === "main" ? null : table,
    expires: /\bexpires\b/.test(text),
  };
}
