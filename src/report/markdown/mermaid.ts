// The chain as a Mermaid flow chart, from the guest down to the target, with the place of the fault.

import type { Report } from "../../schema/report.ts";
import type { SegmentStatus } from "../../schema/verdict.ts";
import { chainView, type DrawnSegment, faultMark, segmentLines } from "../faces/chain-view.ts";
import type { FaceTexts } from "../faces/texts.ts";
import { worstOf } from "../worst-status.ts";
import { mermaidText } from "./escape.ts";

/** Beyond it a label makes the picture wide. */
const LABEL_LENGTH = 44;
/** A chain is longer only with a fault at every hop. */
const MOST_NODES = 40;

export function mermaidChart(
  report: Pick<Report, "chain" | "findings">,
  texts: FaceTexts,
): readonly string[] {
  const view = chainView(report);
  const drawn = view.segments.slice(0, MOST_NODES);
  return [
    "flowchart TB",
    ...drawn.map((one, index) => `  s${index}["${label(one, texts)}"]:::${styleOf(one)}`),
    ...drawn.slice(1).map(({ segment }, index) => {
      const mark = faultMark(view, index, texts);
      const states = `→ ${texts.statuses[segment.outbound]}, ← ${texts.statuses[segment.inbound]}`;
      const words = mark.text === "" ? states : mark.text;
      return `  s${index} ${mark.isHere ? "-.-" : "---"}|"${mermaidLabel(words)}"| s${index + 1}`;
    }),
    ...STYLES,
  ];
}

/** Our own words, whose signs Mermaid shows as they are. */
function mermaidLabel(text: string): string {
  return text.replaceAll('"', "#quot;");
}

function label({ segment, skipped, fault }: DrawnSegment, { labels, more }: FaceTexts): string {
  return [
    `${fault ? `✖ ${labels.faultHere}: ` : ""}${segment.kind}`,
    ...segmentLines(segment).map((line) => mermaidText(line, LABEL_LENGTH)),
    ...(skipped === 0 ? [] : [more(skipped)]),
  ].join("<br/>");
}

type Style = "good" | "told" | "bad" | "open";

function styleOf({ segment, fault }: DrawnSegment): Style {
  return fault ? "bad" : STYLE_OF[worstOf(segment)];
}

const STYLE_OF: Readonly<Record<SegmentStatus, Style>> = {
  ok: "good",
  limited: "told",
  blackhole: "bad",
  lossy: "bad",
  broken: "bad",
  silent: "open",
  unknown: "open",
};

/** Readable on a light and on a dark page. */
const STYLES = [
  "  classDef good fill:#e6f4ea,stroke:#1e7d3b,color:#0b3d1c",
  "  classDef told fill:#fff4d6,stroke:#8a6100,color:#3d2b00",
  "  classDef bad fill:#fde7e7,stroke:#b3261e,color:#5c0f0a,stroke-width:3px",
  "  classDef open fill:#eef0f2,stroke:#5b6670,color:#2b3136,stroke-dasharray:4 3",
] as const;
