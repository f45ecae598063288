// Keeps a run's events for its report, and writes them to the recording where one was requested.

import type { ProbeEvent } from "../schema/event.ts";
import { recordingHeader, recordingLine } from "../schema/recording-lines.ts";
import type { Sink } from "./sink.ts";

export interface Recorder {
  readonly events: readonly ProbeEvent[];
  keep(event: ProbeEvent): void;
}

/** @param sink null: nothing is written. It stays the caller's to close. */
export function createRecorder(sink: Sink | null): Recorder {
  const events: ProbeEvent[] = [];
  sink?.write(recordingHeader());
  return {
    events,
    keep: (event) => {
      events.push(event);
      sink?.write(recordingLine(event));
    },
  };
}
