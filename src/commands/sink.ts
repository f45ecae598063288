// Where a command writes a file.

export interface Sink {
  write(text: string): void;
  close(): void;
}
