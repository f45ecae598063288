// Which part of many lines a screen shows.

export interface Window {
  /** Index of the first line that is shown. */
  readonly start: number;
  readonly above: number;
  readonly below: number;
}

/**
 * @param offset the wanted first line; null where nobody scrolled yet
 * @param fromEnd whether the lower end is shown then
 */
export function windowOf(
  lines: number,
  rows: number,
  { offset, fromEnd }: { readonly offset: number | null; readonly fromEnd: boolean },
): Window {
  const last = Math.max(0, lines - rows);
  const wanted = offset ?? (fromEnd ? last : 0);
  const start = Math.min(last, Math.max(0, wanted));
  return { start, above: start, below: Math.max(0, lines - rows - start) };
}
