// The verdict: what it is, why, and the command that fixes it.

import type { Snapshot } from "../src/model/snapshot.ts";
import { fixHeading, placeOf, SHELLS } from "../src/report/words/finding.ts";
import type { Finding, Fix } from "../src/schema/verdict.ts";
import { cut, type Line, line, wrapped } from "./lines.ts";
import { SEVERITY_LOOKS, VERDICT_LOOKS } from "./status.ts";

interface VerdictSize {
  readonly columns: number;
  /** Evidence, what was ruled out and every fix, not the first fix alone. */
  readonly details: boolean;
  /** One line for each sentence. */
  readonly short: boolean;
}

export function verdictLines(snapshot: Snapshot, size: VerdictSize): readonly Line[] {
  const { diagnosis, finished } = snapshot;
  const settled = finished || (diagnosis.findings.length > 0 && isWorthSaying(snapshot));
  if (!settled) return [line(" … no verdict yet", "dim")];
  const { sign, word, tone } = VERDICT_LOOKS[diagnosis.verdict];
  const because = diagnosis.reason === "" ? "" : ` – ${diagnosis.reason}`;
  const heading = `${sign} ${word}${finished ? "" : " so far"}${because}`;
  return [
    ...sentence(heading, tone, " ", size),
    ...diagnosis.findings.flatMap((finding, index) =>
      // The first fix of the root cause is what the user came for.
      findingLines(
        finding,
        size,
        size.details ? finding.fixes : index === 0 ? finding.fixes.slice(0, 1) : [],
        index === 0,
      ),
    ),
  ];
}

/** While names are being asked for, what did not answer yet looks like what never answers. */
function isWorthSaying({ waiting, elapsedMs }: Snapshot): boolean {
  return waiting?.stage !== "resolve" || elapsedMs > NAMES_MAY_TAKE_MS;
}

/** A name server that answers at all has answered by then, a lost packet included (resolv.conf(5): 5 s a try). */
const NAMES_MAY_TAKE_MS = 5000;

type Tone = Parameters<typeof wrapped>[1];

function sentence(
  text: string,
  tone: Tone,
  first: string,
  { columns, short }: VerdictSize,
): readonly Line[] {
  if (short) return [cut(line(`${first}${text}`, tone), columns)];
  return wrapped(text, tone, { columns, first });
}

function findingLines(
  finding: Finding,
  size: VerdictSize,
  fixes: readonly Fix[],
  isFirst: boolean,
): readonly Line[] {
  const { columns, details } = size;
  const { sign, word, tone } = SEVERITY_LOOKS[finding.severity];
  const heading = `${sign} ${word} ${finding.cause}${formatLocation(finding)} (${percent(finding)})`;
  const hidden = finding.fixes.length - fixes.length;
  const more = hidden === 1 ? "and one more fix (d)" : `and ${hidden} more fixes (d)`;
  const keys = ["f tries it", "c copies it", ...(hidden > 0 ? [more] : [])].join("; ");
  return [
    ...wrapped(heading, tone, { columns, first: " ", rest: "   " }),
    ...sentence(finding.summary, "plain", "   ", size),
    ...(details ? evidenceLines(finding, columns) : []),
    ...fixes.flatMap((fix) => fixLines(fix, columns)),
    ...(finding.fixes.length === 0 && isFirst ? noFixLines(finding, columns) : []),
    ...(fixes.length > 0 && (hidden > 0 || !size.short) ? [line(`   ${keys}`, "dim")] : []),
  ];
}

function formatLocation(finding: Finding): string {
  const { at, towards } = placeOf(finding);
  return `${at === null ? "" : ` ${at}`}${towards === null ? "" : `, ${towards}`}`;
}

const PERCENT = 100;

function percent({ confidence }: Finding): string {
  return `${Math.round(confidence * PERCENT)} % sure`;
}

function evidenceLines({ evidence, ruledOut }: Finding, columns: number): readonly Line[] {
  const wrap = { columns, first: "   ", rest: "     " };
  return [
    ...(evidence.length === 0 ? [] : wrapped(`evidence ${evidence.join(" ")}`, "dim", wrap)),
    ...ruledOut.flatMap((one) => {
      const ids = one.evidence.length === 0 ? "" : ` ${one.evidence.join(" ")}`;
      return wrapped(`ruled out ${one.cause}: ${one.because}${ids}`, "dim", wrap);
    }),
  ];
}

/** Whoever asks what to type is told where to read on. */
function noFixLines({ cause }: Finding, columns: number): readonly Line[] {
  const lead = { columns, first: "   → ", rest: "     " };
  return [
    ...wrapped("No command from here mends it; what does is told by", "plain", lead),
    ...wrapped(`wsl-trace explain ${cause}`, "strong", { columns, first: "     $ " }),
  ];
}

/** A command that the screen is too narrow for goes on in the next line, without a sign that would be copied. */
function fixLines(fix: Fix, columns: number): readonly Line[] {
  const { prompt } = SHELLS[fix.where];
  return [
    ...wrapped(fixHeading(fix), "plain", { columns, first: "   → ", rest: "     " }),
    ...fix.commands.flatMap((command) =>
      wrapped(command, "strong", { columns, first: `     ${prompt} `, rest: "       " }),
    ),
  ];
}
