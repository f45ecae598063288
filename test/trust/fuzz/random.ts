// Numbers that look like chance and come again with the same seed.

export interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
}

/** xorshift32 (Marsaglia, Xorshift RNGs, 2003). */
export function createRandom(seed: number): Random {
  // Zero would stay zero.
  let state = seed | 0 || 0x9e3779b9;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const below = (limit: number) => next() % limit;
  return { below, pick: (from) => from[below(from.length)] ?? from[0] };
}
