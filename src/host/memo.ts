// Keeps what was computed of something that never changes, since many questions start from it.

/** The same function, computed once for each of what it is asked about, and kept as long as that is. */
export function memo<K extends object, T>(compute: (key: K) => T): (key: K) => T {
  const known = new WeakMap<K, { readonly value: T }>();
  return (key) => {
    const entry = known.get(key) ?? { value: compute(key) };
    known.set(key, entry);
    return entry.value;
  };
}
