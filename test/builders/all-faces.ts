// Every face of a run, by its name: what `path` prints or writes at its end, and `replay` and `report` of its recording.

import { ENGLISH_TEXTS } from "../../src/report/faces/english.ts";
import { explanationIn, faceOf } from "../../src/report/faces/face.ts";
import { jsonReport } from "../../src/report/json.ts";
import { languageOf } from "../../src/report/languages.ts";
import { makeReport } from "../../src/report/make.ts";
import { markdownReport, READERS } from "../../src/report/markdown/markdown.ts";
import { captureFile } from "../../src/report/pcap/file.ts";
import { redact, unredacted } from "../../src/report/redact/redact.ts";
import { textReport } from "../../src/report/text.ts";
import { explanation } from "../../src/report/text-trace.ts";
import type { ProbeEvent } from "../../src/schema/event.ts";
import { recordingHeader, recordingLine } from "../../src/schema/recording-lines.ts";
import { packetTools } from "../../src/wiring/packets.ts";

export interface Faces extends Readonly<Record<string, string>> {
  readonly recording: string;
}

const language = await languageOf("zh");

/** Redacted where others may read it, as without any option. */
export function facesOf(events: readonly ProbeEvent[]): Faces {
  const own = makeReport(events);
  const shared = redact(own, { target: false });
  const packets = captureFile([{ report: own, capture: null }], packetTools, { target: false });
  return {
    text: textReport(own),
    "text.zh": explanationIn(language, own),
    "explain-run": explanation(own),
    json: jsonReport(shared),
    "json, real names": jsonReport(unredacted(own)),
    txt: textReport(shared),
    ...Object.fromEntries(
      READERS.map((reader) => [
        `md for ${reader}`,
        markdownReport([shared], reader, ENGLISH_TEXTS),
      ]),
    ),
    "md.zh": faceOf("x.md", [shared], { language }),
    html: faceOf("x.html", [shared]),
    "html.zh": faceOf("x.html", [shared], { language }),
    pcap: Buffer.from(packets.bytes).toString("base64"),
    recording: recordingHeader() + events.map(recordingLine).join(""),
    "recording, redacted": recordingHeader(true) + shared.events.map(recordingLine).join(""),
  };
}
