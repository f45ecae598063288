// Names in BTF's string section: compared by where they stand, decoded only to be shown.

import { BtfError } from "./errors.ts";

/** KSYM_NAME_LEN in linux/kallsyms.h: no name in a kernel is longer. */
const NAME_MAX = 512;

export interface BtfStrings {
  /** Every offset at which `name` stands; a type or member has that name when its offset is one of them. */
  places(name: string): ReadonlySet<number>;
  /** Every offset at which a name begins with `prefix`. */
  beginnings(prefix: string): ReadonlySet<number>;
  /** @throws BtfError for an offset outside of the section, or a name longer than the kernel allows */
  read(offset: number): string;
}

export function createBtfStrings(section: Buffer): BtfStrings {
  const places = new Map<string, ReadonlySet<number>>();
  const findPlaces = (name: string): ReadonlySet<number> => {
    const known = places.get(name);
    if (known !== undefined) return known;
    const found = findAll(section, Buffer.from(`${name}\0`, "latin1"));
    places.set(name, found);
    return found;
  };
  return {
    places: findPlaces,
    beginnings: (prefix) => findAll(section, Buffer.from(prefix, "latin1")),
    read: (offset) => {
      if (offset >= section.length) {
        throw new BtfError(`a name is at ${offset}, outside of the string section`);
      }
      const end = section.subarray(offset, offset + NAME_MAX + 1).indexOf(0);
      if (end < 0) throw new BtfError(`the name at ${offset} is longer than ${NAME_MAX} bytes`);
      return section.toString("latin1", offset, offset + end);
    },
  };
}

/** Tools may let a name begin in the middle of a longer one, so every place counts. */
function findAll(section: Buffer, needle: Buffer): ReadonlySet<number> {
  const found = new Set<number>();
  for (let at = section.indexOf(needle); at >= 0; at = section.indexOf(needle, at + 1)) {
    found.add(at);
  }
  return found;
}
