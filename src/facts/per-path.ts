// Keeps what was computed from a Path, since many questions start from the same facts.

import { memo } from "../host/memo.ts";
import type { Path } from "../model/path.ts";

/** The same function, computed once for each Path. A Path never changes: an event makes another one. */
export function perPath<T>(fact: string, compute: (path: Path) => T): (path: Path) => T {
  return memo((path) => observed(fact, () => compute(path)));
}

/** The same for a fact about one of several, such as a name server. */
export function perPathAndKey<T>(
  fact: string,
  compute: (path: Path, key: string) => T,
): (path: Path, key: string) => T {
  const ofPath = memo((_: Path) => new Map<string, { readonly value: T }>());
  return (path, key) => {
    const known = ofPath(path);
    const entry = known.get(key) ?? {
      value: observed(`${fact} ${key}`, () => compute(path, key)),
    };
    known.set(key, entry);
    return entry.value;
  };
}

type Observer = (fact: string) => void;

const observers = new Set<Observer>();

/**
 * Calls the observer with the name of each fact that is computed, for a test that counts them.
 * @returns ends it
 */
export function observeComputations(observer: Observer): () => void {
  observers.add(observer);
  return () => {
    observers.delete(observer);
  };
}

function observed<T>(fact: string, compute: () => T): T {
  for (const observer of observers) observer(fact);
  return compute();
}
