// Which of a hundred thousand types bear one of a few names: most are settled by two bytes, without a text being made.

export interface NameSearch {
  /** @param offset of a type's name in the string section */
  look(offset: number, id: number): void;
  /** The ids of each wanted name, in the order in which they were looked at. */
  readonly found: Map<string, readonly number[]>;
}

/** @param strings each ends with a zero byte */
export function createNameSearch(strings: Buffer, names: readonly string[]): NameSearch {
  const found = new Map<string, readonly number[]>();
  const wanted: Wanted[][] = [];
  // By a name's first two bytes: 0, or the number of names in `wanted` that start so. The code is cold: no map, no iterator.
  const starts = new Uint16Array(names.length === 0 ? 0 : PAIRS);
  for (const name of new Set(names)) {
    const ids: number[] = [];
    found.set(name, ids);
    const start = pairAt(Buffer.from(`${name}\0`, "latin1"), 0);
    starts[start] ||= wanted.push([]);
    wanted[(starts[start] ?? 0) - 1]?.push({ name, ids });
  }
  return {
    found,
    look: (offset, id) => {
      const start = starts[pairAt(strings, offset)] ?? 0;
      if (start === 0) return;
      const some = wanted[start - 1] ?? [];
      for (let i = 0; i < some.length; i += 1) {
        const one = some[i];
        if (one !== undefined && isTextAt(strings, offset, one.name)) one.ids.push(id);
      }
    },
  };
}

interface Wanted {
  readonly name: string;
  readonly ids: number[];
}

const PAIRS = 1 << 16;

/** Damaged data point anywhere: what is behind the end is no name. */
function pairAt(bytes: Buffer, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** Whether that text, and no longer one, is there. */
export function isTextAt(strings: Buffer, offset: number, text: string): boolean {
  // Where it ends settles most of those that start alike.
  if (strings[offset + text.length] !== 0) return false;
  for (let i = 0; i < text.length; i += 1) {
    if (strings[offset + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}
