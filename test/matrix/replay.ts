// Replays a scenario's recording the way `wsl-trace replay` does: text, events, path, diagnosis, report.

import { makeReport } from "../../src/report/make.ts";
import { parseRecording } from "../../src/schema/recording.ts";
import { recordingHeader, recordingLine } from "../../src/schema/recording-lines.ts";
import type { Report } from "../../src/schema/report.ts";
import { numbered } from "../builders/events.ts";
import type { ReplayedScenario } from "./row.ts";

export function replayed({ name, events }: ReplayedScenario): Report {
  const text = recordingHeader() + numbered(events()).map(recordingLine).join("");
  return makeReport(parseRecording(text, name));
}
