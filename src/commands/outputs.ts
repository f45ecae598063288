// The files of a run: opened before it, so that one that cannot be written costs no trace, and closed after all was printed.

import type { Sink } from "./sink.ts";

export interface OutputFiles {
  readonly recordFile: string | null;
  readonly reportFile: string | null;
  /** Absent, as null: none. */
  readonly pcapFile?: string | null;
}

export interface Outputs {
  readonly record: Sink | null;
  readonly report: Sink | null;
  readonly pcap: Sink | null;
  /** Closes all. @throws TraceError of the first that could not be written whole */
  close(): void;
  /** After a run that failed: its events stay for a look at them, the others were not made. */
  leave(): void;
}

/** @throws TraceError when one cannot be made; then none is */
export function openOutputs(files: OutputFiles, openFile: (path: string) => Sink): Outputs {
  const opened: Sink[] = [];
  const open = (path: string | null | undefined): Sink | null => {
    if (path === null || path === undefined) return null;
    try {
      const sink = openFile(path);
      opened.push(sink);
      return sink;
    } catch (error) {
      for (const sink of opened) sink.discard();
      throw error;
    }
  };
  const record = open(files.recordFile);
  const report = open(files.reportFile);
  const pcap = open(files.pcapFile);
  return {
    record,
    report,
    pcap,
    close: () => closeAll([record, report, pcap]),
    leave: () => {
      report?.discard();
      pcap?.discard();
      record?.close();
    },
  };
}

function closeAll([first, ...rest]: readonly (Sink | null)[]): void {
  try {
    first?.close();
  } finally {
    if (rest.length > 0) closeAll(rest);
  }
}
