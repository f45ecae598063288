// Where a command writes a file, whole or not at all.

export interface Sink {
  /** Never throws: what goes wrong is kept for `close`. */
  write(content: string | Uint8Array): void;
  /** @throws TraceError when not all of it was written */
  close(): void;
  /** Leaves nothing behind. */
  discard(): void;
}
