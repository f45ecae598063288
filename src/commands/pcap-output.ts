// Writes the capture file of a command, and says which kind of packets is in it.

import type { Capture, PacketTools } from "../captured-packet.ts";
import { captureFile } from "../report/pcap/file.ts";
import type { Report } from "../schema/report.ts";
import type { Redaction } from "./readers.ts";

/** What the kernel showed of a run, or why it showed nothing; null where nobody asked it. */
export type CaptureOrReason = Capture | { readonly refused: string } | null;

export interface PcapInput {
  readonly file: string;
  readonly runs: readonly { readonly report: Report; readonly capture: CaptureOrReason }[];
  readonly tools: PacketTools;
  readonly redaction: Redaction;
}

export interface PcapOutput {
  readonly bytes: Uint8Array;
  /** One line for the user. */
  readonly note: string;
}

export function pcapOutput({ file, runs, tools, redaction }: PcapInput): PcapOutput {
  const shown = runs.map(({ report, capture }) => ({
    report,
    capture: capture !== null && "packets" in capture ? capture : null,
  }));
  const { bytes, packets } = captureFile(
    shown,
    tools,
    redaction.applied ? { target: redaction.target } : null,
  );
  const what = shown.every(({ capture }) => capture !== null)
    ? "captured as this kernel's interfaces had them"
    : `rebuilt from what the sockets saw${reasonOf(runs)}`;
  return { bytes, note: `${file}: ${packets} packets, ${what}` };
}

function reasonOf(runs: PcapInput["runs"]): string {
  const refused = runs.flatMap(({ capture }) =>
    capture !== null && "refused" in capture ? [capture.refused] : [],
  );
  return refused[0] === undefined ? "" : ` (${refused[0]})`;
}
