// `wsl-trace diff`: what changed in the network between two runs, each a recording or a report in JSON.

import { EXIT, type ExitCode } from "../errors.ts";
import { type Diff, diffOf } from "../report/diff/diff.ts";
import { diffMarkdown } from "../report/diff/markdown.ts";
import { redactedPair } from "../report/diff/redacted.ts";
import { diffText } from "../report/diff/text.ts";
import { indentedJson } from "../schema/recording-lines.ts";
import type { Report } from "../schema/report.ts";
import { readReport } from "./read-report.ts";
import type { Redaction } from "./readers.ts";
import type { ReplayDeps } from "./replay.ts";
import { shareable } from "./shareable.ts";

export interface DiffRequest {
  /** Two files. */
  readonly before: string;
  readonly after: string;
  readonly json: boolean;
  /** Written beside what is printed; null: none. */
  readonly outFile: string | null;
  readonly redaction: Redaction;
}

/** Exit code 1 where something changed. @throws TraceError when one is neither a whole recording nor a report */
export async function diff(request: DiffRequest, deps: ReplayDeps): Promise<ExitCode> {
  const { json, outFile } = request;
  const before = readReport(await deps.readText(request.before), request.before);
  const after = readReport(await deps.readText(request.after), request.after);
  const isShared = json || outFile !== null;
  const shared = isShared ? await sharedDiff(before, after, request.redaction) : null;
  const own = json && shared !== null ? shared : await ownDiff(before, after);
  deps.print(json ? indentedJson(own) : diffText(own));
  if (outFile !== null && shared !== null) await deps.writeText(outFile, written(shared, outFile));
  return own.changes.length === 0 ? EXIT.healthy : EXIT.fault;
}

function written(diff: Diff, file: string): string {
  if (file.endsWith(".json")) return indentedJson(diff);
  return file.endsWith(".txt") ? diffText(diff) : diffMarkdown(diff);
}

/** Real names, unless one of both has none: then the other's would be no name of it. */
async function ownDiff(before: Report, after: Report): Promise<Diff> {
  const isMixed = isRedacted(before) !== isRedacted(after);
  if (isMixed) return mixedDiff(before, after, false);
  return diffOf(before, after, isRedacted(before) ? "apart" : null);
}

async function sharedDiff(
  before: Report,
  after: Report,
  { applied, target }: Redaction,
): Promise<Diff> {
  if (isRedacted(before) || isRedacted(after)) return mixedDiff(before, after, target);
  return applied
    ? diffOf(...redactedPair(before, after, { target }), "together")
    : diffOf(before, after);
}

/** What is redacted already holds nothing else; the other is redacted by the same rules. */
async function mixedDiff(before: Report, after: Report, target: boolean): Promise<Diff> {
  const [was, is] = await Promise.all(
    [before, after].map((report) =>
      isRedacted(report) ? report : shareable(report, { applied: true, target }),
    ),
  );
  return diffOf(was ?? before, is ?? after, "apart");
}

function isRedacted({ redaction }: Report): boolean {
  return redaction?.applied === true;
}
