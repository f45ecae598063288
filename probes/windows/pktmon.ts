// Reads what `pktmon counters --json` prints: packets and drops in each component of Windows' network stack.

import * as z from "zod";
import type { HostComponent, HostCounts, HostDropped } from "../../src/schema/events/host-probe.ts";

export type PktmonCounters =
  | { readonly kind: "read"; readonly components: readonly HostComponent[] }
  | { readonly kind: "unread"; readonly problem: string };

// No document gives the shape. Programs that people use on real machines read groups (Group) of components (Name),
// each with counters (Type "Drops" among them) that have Inbound and Outbound with Packets and Bytes; where the drop
// reason stands is not among what they read, so any text whose key contains "reason" is taken.
const counts = z.looseObject({
  Packets: z.union([z.number(), z.string()]).optional(),
  Bytes: z.union([z.number(), z.string()]).optional(),
});
const counter = z.looseObject({
  Name: z.string().nullish(),
  Type: z.string().nullish(),
  Inbound: counts.nullish(),
  Outbound: counts.nullish(),
});
const component = z.looseObject({ Name: z.string(), Counters: list(counter) });
const group = z.looseObject({ Group: z.string().nullish(), Components: list(component) });
const groups = list(group);
type Counter = z.infer<typeof counter>;

/** One element may come without its list. */
function list<T extends z.ZodType>(one: T) {
  return z.union([z.array(one), one.transform((only) => [only])]);
}

/** Components that counted nothing are left out. */
export function readCounters(text: string): PktmonCounters {
  const start = text.search(/[[{]/);
  try {
    const parsed = groups.safeParse(JSON.parse(text.slice(Math.max(0, start))));
    if (!parsed.success) {
      return { kind: "unread", problem: "pktmon's counters have another shape than is known" };
    }
    const components = parsed.data.flatMap(({ Group, Components }) =>
      Components.map((one) => readComponent(Group ?? one.Name, one.Name, one.Counters)),
    );
    return { kind: "read", components: components.filter(hasCounted) };
  } catch {
    return { kind: "unread", problem: "pktmon's counters are no JSON" };
  }
}

function readComponent(of: string, name: string, all: readonly Counter[]): HostComponent {
  const flows = all.filter((one) => !isDrops(one));
  return {
    group: of,
    name,
    // Each edge of a component counts the same packets.
    received: largest(flows.map(({ Inbound }) => readCounts(Inbound))),
    sent: largest(flows.map(({ Outbound }) => readCounts(Outbound))),
    drops: all.filter(isDrops).flatMap(readDrops),
  };
}

function isDrops({ Name, Type }: Counter): boolean {
  return /drop/i.test(`${Name ?? ""} ${Type ?? ""}`);
}

function readDrops(one: Counter): readonly HostDropped[] {
  const sides = [
    { way: "received", side: one.Inbound },
    { way: "sent", side: one.Outbound },
  ] as const;
  return sides.flatMap(({ way, side }) => {
    const counted = readCounts(side);
    return counted.packets === 0
      ? []
      : [{ way, ...counted, reason: reasonIn(side) ?? reasonIn(one) }];
  });
}

function readCounts(side: Counter["Inbound"]): HostCounts {
  return { packets: numberOf(side?.Packets), bytes: numberOf(side?.Bytes) };
}

/** The table groups its digits ("1,800"); the JSON may. */
function numberOf(value: string | number | undefined): number {
  const number = Number(String(value ?? 0).replace(/\D/g, ""));
  return Number.isSafeInteger(number) ? number : 0;
}

function reasonIn(object: object | null | undefined): string | null {
  const found = Object.entries(object ?? {}).find(
    ([key, value]) => /reason/i.test(key) && typeof value === "string" && value.trim() !== "",
  );
  return found === undefined ? null : String(found[1]).trim();
}

function largest(all: readonly HostCounts[]): HostCounts {
  return all.reduce((most, one) => (one.packets > most.packets ? one : most), {
    packets: 0,
    bytes: 0,
  });
}

function hasCounted({ received, sent, drops }: HostComponent): boolean {
  return received.packets + sent.packets + drops.length > 0;
}
