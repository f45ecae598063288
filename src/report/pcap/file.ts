// The capture file of finished runs: a section for each, with its packets, where they were seen and what they prove.

import type { Capture, PacketTools } from "../../captured-packet.ts";
import type { Report } from "../../schema/report.ts";
import { printable } from "../escape.ts";
import type { RedactOptions } from "../redact/events.ts";
import { redactWithNames } from "../redact/redact.ts";
import { createComments } from "./comments.ts";
import { linked } from "./linked.ts";
import { type PcapSection, pcapng } from "./pcapng.ts";

export interface CapturedRun {
  /** For the user's own eyes. */
  readonly report: Report;
  /** What the kernel showed; null: the packets are made of the events. */
  readonly capture: Capture | null;
}

/**
 * @param redaction null: real names and addresses
 * @returns the bytes of the file, and how many packets are in it
 */
export function captureFile(
  runs: readonly CapturedRun[],
  tools: PacketTools,
  redaction: RedactOptions | null,
): { readonly bytes: Uint8Array; readonly packets: number } {
  const sections = runs.map((run) => sectionOf(run, tools, redaction));
  const packets = sections.reduce((sum, section) => sum + section.packets.length, 0);
  return { bytes: pcapng(sections), packets };
}

function sectionOf(
  { report, capture }: CapturedRun,
  tools: PacketTools,
  redaction: RedactOptions | null,
): PcapSection {
  const redacted = redaction === null ? null : redactWithNames(report, redaction);
  const shared = redacted?.report ?? report;
  const packets = capture === null ? tools.rebuild(shared.events) : linked(capture, report);
  const shown =
    redacted === null || capture === null
      ? packets
      : packets.map((packet) =>
          tools.redact(packet, {
            address: (text) => redacted.replace("address", text),
            name: (text) => redacted.replace("host", text),
            place: (text) => redacted.replace("adapter", text),
          }),
        );
  const places = [...new Set(shown.map(({ place }) => place))];
  const comment = createComments(shared);
  return {
    comment: lines(sectionText(shared, capture, redaction !== null)),
    application: `wsl-trace ${shared.version}`,
    interfaces: places.map((name) => ({
      name: printable(name),
      comment: capture === null ? OF_EVENTS : OF_KERNEL,
      lost: capture?.lost ?? null,
    })),
    packets: shown.map(({ place, atNs, direction, bytes, originalBytes, of }) => ({
      place: places.indexOf(place),
      atNs,
      direction,
      bytes,
      originalBytes,
      comment: lines(comment(of)),
    })),
  };
}

function lines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

const OF_KERNEL = "seen at this interface by this kernel";
const OF_EVENTS = "not captured: made of the events of the run";

function sectionText(report: Report, capture: Capture | null, isRedacted: boolean): string {
  const { verdict, reason, target, startedAt } = report;
  return [
    `${target.input}, ${startedAt}: ${verdict}: ${reason}`,
    capture === null
      ? "Rebuilt: these packets are made of what the sockets of the run saw; what no socket says is 0, and a port from 61000 on is a number that stands for one of this machine's. Of connections the handshakes are here, of names what went over UDP."
      : `True packets: as this kernel's interfaces had them (AF_PACKET), those of this run alone; ${capture.lost} more had no room.`,
    isRedacted
      ? "Redacted: others stand for names and addresses, and packets are cut where their content begins."
      : "Not redacted: it holds real names, addresses and contents.",
  ].join("\n");
}
