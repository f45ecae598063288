// One more element of a list: as a copy where others hold the list, in place where nobody does yet.

/** @returns the list with `one` at its end */
export type Add = <T>(list: readonly T[], one: T) => readonly T[];

export const copied: Add = (list, one) => [...list, one];

/**
 * Copies a list once and lets its copy grow: of thousands of events each would else copy all that came before.
 * Only for lists that nobody keeps in between.
 */
export function createGrowing(): Add {
  const own = new WeakSet<readonly unknown[]>();
  return (list, one) => {
    if (own.has(list) && isGrowing(list)) {
      list.push(one);
      return list;
    }
    const grown = [...list, one];
    own.add(grown);
    return grown;
  };
}

/** For the type alone: what was made here may be written. */
function isGrowing<T>(list: readonly T[]): list is T[] {
  return Array.isArray(list);
}
