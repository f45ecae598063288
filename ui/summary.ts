// What stands below the chain: stages on a line, the path MTU of both directions, this kernel's counts, and why parts are unknown.

import type { Snapshot } from "../src/model/snapshot.ts";
import type { KernelReport } from "../src/schema/kernel-report.ts";
import type { PmtuEstimate, Segment } from "../src/schema/verdict.ts";
import { formatBeyond, formatSize } from "./limit.ts";
import { type Line, line, type Span, span, widthOf, wrapped } from "./lines.ts";
import { type LiveStage, liveStages } from "./progress.ts";
import { duration, SEGMENT_LOOKS, STAGE_LOOKS, type Tone } from "./status.ts";

/** The stages in a row, on as many lines as they take; `short` leaves out the error of a failed one. */
export function stageLines(
  snapshot: Snapshot,
  { nowMs, columns, short }: { nowMs: number; columns: number; short: boolean },
): readonly Line[] {
  const stages = liveStages(snapshot, nowMs);
  const lines: Span[][] = [[]];
  for (const stage of stages) {
    const shown = span(` ${formatStage(stage)} `, STAGE_LOOKS[stage.status].tone);
    const current = lines.at(-1) ?? [];
    if (current.length > 0 && widthOf([...current, shown]) > columns) lines.push([shown]);
    else current.push(shown);
  }
  const explained = stages.filter(({ status, detail }) => status === "failed" && detail !== "");
  return [
    ...lines.filter((spans) => spans.length > 0),
    ...(short
      ? []
      : explained.flatMap(({ stage, detail }) =>
          wrapped(`${stage}: ${detail}`, "bad", { columns, first: " " }),
        )),
  ];
}

// "ok" is drawn as its sign and its time; every other state is spelt out.
function formatStage({ stage, status, ms }: LiveStage): string {
  const { sign, word } = STAGE_LOOKS[status];
  const parts = [sign, stage, status === "ok" && ms !== null ? null : word];
  return [...parts, ms === null ? null : duration(ms)].filter((part) => part !== null).join(" ");
}

export function pmtuLines({ diagnosis, finished }: Snapshot, columns: number): readonly Line[] {
  const { outbound, inbound } = diagnosis.pmtu;
  // Why nothing is known is said when nothing more will come.
  const isOpen = ({ bytes, atLeast, below }: PmtuEstimate) =>
    bytes === null && atLeast === null && below === null;
  if (!finished && isOpen(outbound) && isOpen(inbound))
    return [line(" path MTU not measured yet", "dim")];
  return [
    ...pmtuLine("↓ outbound", outbound, columns),
    ...pmtuLine("↑ inbound ", inbound, columns),
  ];
}

const BAR_FROM = 76;

function pmtuLine(label: string, estimate: PmtuEstimate, columns: number): readonly Line[] {
  const { words, tone } = pmtuLook(estimate);
  const bar = columns < BAR_FROM ? "" : barOf(estimate);
  const title = columns < BAR_FROM ? ` ${label}` : ` path MTU ${label}`;
  const lead = `${title}${bar === "" ? "" : ` ${bar}`} `;
  const [first, ...more] = wrapped(words, tone, { columns, first: lead });
  const text = first?.slice(1) ?? [];
  return [[span(title, "strong"), span(`${bar === "" ? "" : ` ${bar}`} `, tone), ...text], ...more];
}

function pmtuLook(estimate: PmtuEstimate): { readonly words: string; readonly tone: Tone } {
  const size = formatSize(estimate);
  if (size === null) {
    const because = estimate.reason === null ? "" : `: ${estimate.reason}`;
    return { words: `unknown${because}`, tone: "dim" };
  }
  return { words: `${size}: ${formatBeyond(estimate)}`, tone: estimate.silent ? "bad" : "good" };
}

// One cell for 100 bytes up to Ethernet's 1500.
const BYTES_PER_CELL = 100;
const CELLS = 15;

function barOf({ bytes, atLeast, below, silent }: PmtuEstimate): string {
  const passed = bytes ?? atLeast;
  if (passed === null) return "";
  const filled = Math.min(CELLS, Math.round(passed / BYTES_PER_CELL));
  const end = below === null || filled === CELLS ? "" : silent ? "●" : "┤";
  return `${"━".repeat(filled)}${end}`.padEnd(CELLS, "┄");
}

/** Null draws nothing. */
export function kernelLine(kernel: KernelReport | null): readonly Line[] {
  if (kernel === null) return [];
  const sum = (place: "sent" | "netfilter" | "device" | "returned" | "answered") =>
    kernel.hops.reduce((total, hop) => total + hop[place], 0);
  const words = `${sum("sent")} sent, ${sum("netfilter")} past netfilter, ${sum("device")} on the device, ${sum("returned")} back`;
  return [line(` this kernel: ${words}, ${sum("answered")} answered`, "dim")];
}

/** Why parts of the chain are unknown or silent, each reason once; a run that goes on has only not asked yet. */
export function reasonLines({ diagnosis, finished }: Snapshot, columns: number): readonly Line[] {
  if (!finished) return [];
  const { chain } = diagnosis;
  const explained = needsNoName(diagnosis)
    ? chain.filter(({ kind }) => kind !== "resolver")
    : chain;
  const reasons = new Set(explained.flatMap(({ reason }) => (reason === null ? [] : [reason])));
  return [...reasons].flatMap((reason) => {
    const segments = explained.filter((segment) => segment.reason === reason);
    return wrapped(formatReasons(segments, reason), "dim", { columns, first: " ", rest: "   " });
  });
}

/** An address was given: nobody is asked for a name, and that is no riddle. */
function needsNoName({ stages }: Snapshot["diagnosis"]): boolean {
  return stages.some(({ stage, status }) => stage === "resolve" && status === "skipped");
}

function formatReasons(segments: readonly Segment[], reason: string): string {
  const unknown = segments.some(
    ({ outbound, inbound }) => outbound === "unknown" || inbound === "unknown",
  );
  const { sign } = SEGMENT_LOOKS[unknown ? "unknown" : "silent"];
  const kinds = [...new Set(segments.map(({ kind }) => kind))];
  return `${sign} ${kinds.join(", ")}: ${reason}`;
}

const SIGNS: Partial<Readonly<Record<Tone, string>>> = { good: "✓", warn: "▲", bad: "✗" };

/** Who was asked for the name, where no packet's path shows it. */
export function namesLine({ diagnosis }: Snapshot): readonly Line[] {
  const resolver = diagnosis.chain.find(({ kind }) => kind === "resolver");
  if (resolver === undefined || needsNoName(diagnosis)) return [];
  const worse = resolver.inbound === "ok" ? resolver.outbound : resolver.inbound;
  const { word, tone } = SEGMENT_LOOKS[worse];
  const server = resolver.name === "resolver" ? "" : ` ${resolver.name}`;
  const said = worse === "ok" ? "" : `: ${resolver.reason ?? word}`;
  const sign = SIGNS[tone] ?? "?";
  return [
    [span(" names", "strong"), span(` ${sign}${server}${said}`, worse === "ok" ? "dim" : tone)],
  ];
}
