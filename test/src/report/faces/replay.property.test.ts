// Each face of a recording is, byte for byte, that of the run itself: of its events as they were before they were written and read.

import { expect, it } from "vitest";
import type { ProbeEvent } from "../../../../src/schema/event.ts";
import { parseRecording } from "../../../../src/schema/recording.ts";
import { facesOf } from "../../../builders/all-faces.ts";
import { propertyRuns } from "../../../builders/property-runs.ts";
import { readRecordings, readRecordingText } from "../../../recordings/files.ts";

const ALL = 1000;
const files = readRecordings().flatMap((recording) => recording.files);
const chosen = files.filter((_, n) => n % (ALL / propertyRuns(ALL)) === 0);

it.each(chosen)("%s has the faces of its run", (file) => {
  const live = facesOf(asEmitted(readRecordingText(file)));
  const replayed = facesOf(parseRecording(live.recording, file));
  // Names alone: the texts would fill the screen.
  const different = Object.keys(live).filter((face) => live[face] !== replayed[face]);
  // The same events, with their keys in another order.
  expect(different).toEqual(["recording"]);
});

/** As probes emit them: no schema has put their keys into an order yet, and what is absent may be there as undefined. */
function asEmitted(recording: string): readonly ProbeEvent[] {
  const lines = recording.trimEnd().split("\n").slice(1);
  return lines.map((line) =>
    JSON.parse(line, (_, value: unknown) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries([["absent", undefined], ...Object.entries(value).reverse()])
        : value,
    ),
  );
}
