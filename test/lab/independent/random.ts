// Choices that a seed makes, the same each time.

/** mulberry32, a public-domain generator. */
export function pickerOf(seed: number) {
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
  const pick = <T>(...of: readonly [T, ...T[]]): T => of[between(0, of.length - 1)] ?? of[0];
  return { between, pick };
}
