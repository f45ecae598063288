// Round trips as a row of bars: the newest at the right end, a gap where no answer came.

const BARS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;
const LOST = "·";

/** @param samplesMs null: no answer. The lowest bar is no round trip at all, the highest the longest of them. */
export function sparkline(samplesMs: readonly (number | null)[], width: number): string {
  const shown = samplesMs.slice(-width);
  const most = Math.max(...shown.map((one) => one ?? 0));
  return shown
    .map((one) => {
      if (one === null) return LOST;
      const level = most === 0 ? 0 : Math.round((one / most) * (BARS.length - 1));
      return BARS[level] ?? BARS[0];
    })
    .join("");
}
