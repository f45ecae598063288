// Hands the newest of a stream of values to one reader, who may be slow or leave early.

export interface LatestValueChannel<T> {
  readonly values: AsyncIterable<T>;
  push(value: T): void;
  /** No more values; with an error the reader gets it. */
  end(error?: unknown): void;
}

/** A value that was not read before the next one came is dropped: only the newest is worth drawing. */
export function createLatestValueChannel<T>(): LatestValueChannel<T> {
  let waiting: { readonly value: T } | null = null;
  let ended: { readonly error: unknown } | null = null;
  let wake: () => void = () => undefined;
  async function* read(): AsyncGenerator<T> {
    for (;;) {
      const next = waiting;
      waiting = null;
      if (next !== null) yield next.value;
      else if (ended !== null) {
        if (ended.error !== undefined) throw ended.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  }
  return {
    values: read(),
    push: (value) => {
      waiting = { value };
      wake();
    },
    end: (error) => {
      ended = { error };
      wake();
    },
  };
}
