// Records that wait for their reader: the ring is emptied at once, however slow the reader is.

/** Records that lie in the same memory. Nothing is kept for each but a number: with hundreds of thousands the collector would stop everything. */
export interface Batch {
  readonly bytes: DataView;
  /** Where each record starts. */
  readonly offsets: readonly number[];
}

export interface RecordQueue {
  /** @param record memory that nobody writes to any more */
  add(record: Buffer): void;
  /** Nothing more will come; a waiting reader is woken. */
  end(): void;
  /** All that wait, at least one; nothing only at the end. */
  takeAll(): Promise<readonly Batch[]>;
  /** Records that found the queue full. */
  readonly refused: number;
}

/** Some 100 MB: a reader that falls this far behind loses records rather than the process its memory. */
const CAPACITY = 1_000_000;

export function createRecordQueue(capacity: number = CAPACITY): RecordQueue {
  let batches: Batch[] = [];
  let memory: ArrayBufferLike | undefined;
  let offsets: number[] = [];
  let waiting = 0;
  let refused = 0;
  let ended = false;
  let wake: (() => void) | undefined;
  const wakeReader = () => {
    wake?.();
    wake = undefined;
  };
  return {
    add: (record) => {
      if (waiting >= capacity) {
        refused += 1;
        return;
      }
      if (record.buffer !== memory) {
        memory = record.buffer;
        offsets = [];
        batches.push({ bytes: new DataView(memory), offsets });
      }
      offsets.push(record.byteOffset);
      waiting += 1;
      if (wake !== undefined) wakeReader();
    },
    end: () => {
      ended = true;
      wakeReader();
    },
    takeAll: async () => {
      while (waiting === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const taken = batches;
      batches = [];
      memory = undefined;
      waiting = 0;
      return taken;
    },
    get refused() {
      return refused;
    },
  };
}
