// What this machine's kernel dropped in the run, drops of one kind in one line.

import { formatDrop } from "../facts/kernel/own-packets.ts";
import type { ProbeEvent } from "../schema/event.ts";
import type { KernelDrop } from "../schema/events/kernel.ts";
import { hanging } from "./text-layout.ts";

/** Kinds of drops that are worth a line. */
const LINES_MAX = 10;

export function kernelLines(events: readonly ProbeEvent[]): string[] {
  const drops = events.flatMap((event) => (event.kind === "kernel-drop" ? [event] : []));
  const groups = new Map<string, number>();
  for (const drop of drops) {
    const words = `${formatDrop(drop)}${formatPacket(drop)}${formatNamespace(drop)}`;
    groups.set(words, (groups.get(words) ?? 0) + 1);
  }
  const lines = [...groups].map(([words, count]) => ({ words, count }));
  lines.sort((a, b) => b.count - a.count);
  const rest = lines.length - LINES_MAX;
  return [
    ...lines
      .slice(0, LINES_MAX)
      .flatMap(({ words, count }) => hanging("  X ", `${count} times ${words}`)),
    ...(rest > 0 ? [`    and ${rest} kinds more`] : []),
    ...lossLines(events),
  ];
}

function formatPacket({ match, packet }: KernelDrop): string {
  if (match.by === "nothing") return ", whose is not known";
  if (match.by === "flow") return match.direction === "in" ? ", TCP inbound" : ", TCP outbound";
  return packet?.quoted ? ", an answer to a probe" : ", a probe";
}

function formatNamespace({ namespace }: KernelDrop): string {
  if (namespace.own !== false) return "";
  return ` [namespace ${namespace.name ?? `of inode ${namespace.inode}`}]`;
}

function lossLines(events: readonly ProbeEvent[]): string[] {
  const lost = events.find((event) => event.kind === "kernel-watch-ended")?.lost ?? 0;
  return lost === 0 ? [] : hanging("  ? ", `${lost} kernel events were lost: there may be more`);
}
