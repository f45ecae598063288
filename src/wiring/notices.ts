// Lines on standard error, which wait while a screen is open on the same terminal: between its frames they would tear it.

/** Of a screen that is open for days, the newest. */
const MOST_HELD = 50;

export interface Notices {
  /** A line, without its end. */
  notify(line: string): void;
  /** Keeps lines until `release`. */
  hold(): void;
  /** Writes what was kept, and from then on each line at once. */
  release(): void;
}

/** @param isShared whether a screen would be drawn where these lines go */
export function createNotices(write: (text: string) => void, isShared: boolean): Notices {
  let held: string[] | null = null;
  return {
    notify: (line) => {
      if (held === null) write(`${line}\n`);
      else held = [...held, line].slice(-MOST_HELD);
    },
    hold: () => {
      if (isShared) held ??= [];
    },
    release: () => {
      const lines = held ?? [];
      held = null;
      for (const line of lines) write(`${line}\n`);
    },
  };
}
