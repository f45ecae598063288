// A recording that is played like a film: where it is, and how it goes on.

export interface Film {
  /** Index of the newest event that is shown. */
  readonly at: number;
  readonly events: number;
  readonly atMs: number;
  readonly lengthMs: number;
  readonly playing: boolean;
  /** So many times as fast as it was. */
  readonly speed: number;
  /** Index of the last event that the verdict rests on; null: on none. */
  readonly decidedAt: number | null;
}
