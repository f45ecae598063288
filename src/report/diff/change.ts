// What differs between two runs, as data: one thing in one area, before and after.

export const AREAS = [
  "verdict",
  "findings",
  "stages",
  "sizes",
  "target",
  "chain",
  "addresses",
  "mtus",
  "routes",
  "dns",
  "proxy",
] as const;
export type Area = (typeof AREAS)[number];

export interface Change {
  readonly area: Area;
  /** What it is about: "hop 2", "eth0", "IPv4 0.0.0.0/0". */
  readonly what: string;
  /** Null: it was not there. */
  readonly before: string | null;
  readonly after: string | null;
}

/** What cannot be compared, as one of both did not see it. */
export interface Unclear extends Change {
  readonly because: string;
}

export interface Differences {
  readonly changes: readonly Change[];
  readonly unclear: readonly Unclear[];
}

export const NONE: Differences = { changes: [], unclear: [] };

export function together(parts: readonly Differences[]): Differences {
  return {
    changes: parts.flatMap(({ changes }) => changes),
    unclear: parts.flatMap(({ unclear }) => unclear),
  };
}

type Values = ReadonlyMap<string, string>;

/** By key; a value that only one of them has came or went. Null: not read, which is not the same as nothing. */
export function compareValues(
  area: Area,
  before: Values | null,
  after: Values | null,
): Differences {
  if (before === null || after === null) return seenByOne(area, before, after);
  const keys = new Set([...before.keys(), ...after.keys()]);
  const changes = [...keys].flatMap((what) => {
    const change = { area, what, before: before.get(what) ?? null, after: after.get(what) ?? null };
    return change.before === change.after ? [] : [change];
  });
  return { changes, unclear: [] };
}

function seenByOne(area: Area, before: Values | null, after: Values | null): Differences {
  const unclear = [...(before ?? after ?? [])].map(([what, value]) => ({
    area,
    what,
    before: before === null ? null : value,
    after: after === null ? null : value,
    because: `not read in the run ${before === null ? "before" : "after"}`,
  }));
  return { changes: [], unclear };
}

/** In the order of the text: what is asked of servers, or stands in a list by chance, is none. */
export function listed(values: readonly string[]): string {
  return values.length === 0 ? "none" : [...new Set(values)].sort().join(", ");
}
