// Times as reports print them.

const MS_PER_SECOND = 1000;

/** "812.4 ms", "3.4 s". */
export function duration(ms: number): string {
  return ms < MS_PER_SECOND ? milliseconds(ms) : `${(ms / MS_PER_SECOND).toFixed(1)} s`;
}

/** "812.4 ms", "3412.0 ms"; nothing where it was not measured. */
export function milliseconds(ms: number | null): string {
  return ms === null ? "" : `${ms.toFixed(1)} ms`;
}
