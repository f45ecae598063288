// What comes of the fixes of a scenario: each is typed in a network of its own, and what was found is looked for again.

import type { Report } from "../../src/schema/report.ts";
import type { Finding, Fix } from "../../src/schema/verdict.ts";
import { labs, traceLive } from "../matrix/live.ts";
import type { LiveRow } from "../matrix/row.ts";
import { isForLabs, traceFixed } from "./typed.ts";

export interface Cure {
  readonly scenario: string;
  readonly cause: string;
  readonly fix: Fix;
  readonly result: /** Its finding is gone, and nothing is worse. */
    | "cured"
    /** The finding is still there, and the fix says that more has to be done, or that it is a part of the cure. */
    | "in part, as it says"
    /** The finding is still there, or the attempt fails for another reason. */
    | "not cured"
    /** A line of it cannot be run as it stands. */
    | "fails"
    /** It is for a program or a machine that no lab has. */
    | "not tried";
  /** The verdict and the first cause behind it, or what the shell said. */
  readonly detail: string;
}

/** Traces once without a fix, and then once with each. */
export async function curesOf(row: LiveRow, signal: AbortSignal): Promise<readonly Cure[]> {
  const { name } = row.scenario;
  const [first] = await traceLive(row, ["root"], signal);
  if (first === undefined) throw new Error(`${name} was not traced`);
  const [, before] = first;
  const done: Cure[] = [];
  for (const finding of before.findings) {
    for (const fix of finding.fixes) {
      if (fix.where !== "linux") continue;
      signal.throwIfAborted();
      const outcome = isForLabs(fix)
        ? await cureOf(row, { before, finding, fix }, signal)
        : ({ result: "not tried", detail: "" } as const);
      done.push({ scenario: name, cause: finding.cause, fix, ...outcome });
    }
  }
  return done;
}

interface Tried {
  readonly before: Report;
  readonly finding: Finding;
  readonly fix: Fix;
}

async function cureOf(
  { scenario }: LiveRow,
  { before, finding, fix }: Tried,
  signal: AbortSignal,
): Promise<Pick<Cure, "result" | "detail">> {
  const lab = await labs.build(scenario, { signal, notify: () => undefined });
  try {
    const typed = await traceFixed(lab, fix);
    if (typed.kind === "failed") return { result: "fails", detail: typed.why.trim() };
    const { report: after } = typed;
    const isGone = !after.findings.some(
      ({ cause, severity }) =>
        cause === finding.cause && (severity !== "note" || finding.severity === "note"),
    );
    // Where two things are wrong, the other one may be left; what was not there before may not.
    const { cause: first, alsoCauses, mayAlso = [] } = scenario.expected;
    const known = new Set([
      ...before.findings.map(({ cause }) => cause),
      ...(first === null ? [] : [first]),
      ...alsoCauses,
      ...mayAlso,
    ]);
    const isNew = after.findings.some(
      ({ cause, severity }) => severity !== "note" && !known.has(cause),
    );
    const detail = formatVerdict(after);
    if (isGone && !isNew) return { result: "cured", detail };
    return { result: SAYS_SO.test(fix.title) ? "in part, as it says" : "not cured", detail };
  } finally {
    await lab.dispose();
  }
}

/** Words by which a fix says that it does not cure at once and by itself. */
const SAYS_SO =
  /then run wsl --shutdown|only a candidate|[Ss]horten the time-out|at every login|have the proxy listen|others have their own/;

function formatVerdict({ verdict, findings }: Report): string {
  const causes = findings.flatMap(({ cause, severity }) => (severity === "note" ? [] : [cause]));
  return [verdict, ...causes].join(" ");
}
