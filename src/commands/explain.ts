// wsl-trace explain: what a cause means, why it hurts, how it is known and how to fix it.

import { CAUSES, causeOf, type KnownCause } from "../diagnosis/causes/list.ts";
import { symptomsOf } from "../diagnosis/symptom-search.ts";
import type { Symptom } from "../diagnosis/symptoms.ts";
import { EXIT, type ExitCode, TraceError } from "../errors.ts";
import { printable } from "../report/escape.ts";
import { wrapped } from "../report/text-layout.ts";

export interface ExplainDeps {
  /** The text of src/diagnosis/causes/<area>/<cause>.md. */
  readPage(cause: KnownCause): Promise<string>;
  print(text: string): void;
}

/** Prints the page of one cause, what a symptom can be, or the list of all causes. */
export async function explain(id: string | undefined, deps: ExplainDeps): Promise<ExitCode> {
  if (id === undefined) {
    deps.print(causeList());
    return EXIT.healthy;
  }
  const cause = causeOf(id);
  if (cause === undefined) {
    const symptoms = symptomsOf(id, MOST_SYMPTOMS);
    if (symptoms.length > 0) {
      deps.print(symptomPage(symptoms));
      return EXIT.healthy;
    }
    throw new TraceError("unknown-cause", unknownMessage(id));
  }
  deps.print(await deps.readPage(cause));
  return EXIT.healthy;
}

const MORE = "\nMore about one: wsl-trace explain <cause>\n";

/** More would be a list to read, and no answer. */
const MOST_SYMPTOMS = 3;

function symptomPage(symptoms: readonly Symptom[]): string {
  const parts = symptoms.map(({ sees, causes, tell }) => {
    const rows = causes.map((id) => `  ${id}\n    ${causeOf(id)?.title ?? ""}\n`);
    const apart = wrapped(`To tell them apart: ${tell}`, TELL_COLUMNS).map((line) => `  ${line}\n`);
    return `${sees}\n\n${rows.join("")}\n${apart.join("")}`;
  });
  return `${parts.join("\n")}${MORE}`;
}

/** With two columns before it, in a terminal of 80. */
const TELL_COLUMNS = 78;

const ID_WIDTH = 40;
const SEVERITY_WIDTH = 9;

function causeList(): string {
  const entries = CAUSES.map(({ id, title, segment, severity }) => {
    const location = segment ?? "where it is measured";
    return `${id.padEnd(ID_WIDTH)}${severity.padEnd(SEVERITY_WIDTH)}${location}\n  ${title}\n`;
  });
  return `${entries.join("\n")}${MORE}`;
}

function unknownMessage(cause: string): string {
  const near = nearestCauses(cause);
  const meant = near.length === 0 ? "" : ` did you mean ${near.join(" or ")}?`;
  return `There is no cause "${printable(cause)}";${meant} wsl-trace explain lists them all.`;
}

const MOST_SUGGESTIONS = 3;
// One slip in three letters is a typing error; more is another word.
const LETTERS_PER_SLIP = 3;

/** Ids that hold the text, else ids a few slips away; the nearest first. */
function nearestCauses(text: string): string[] {
  const ids = CAUSES.map(({ id }) => id);
  const wanted = text.toLowerCase();
  const holding = ids.filter((id) => wanted !== "" && id.includes(wanted));
  if (holding.length > 0) {
    return holding.slice(0, MOST_SUGGESTIONS);
  }
  return ids
    .map((id) => ({ id, slips: editDistance(wanted, id) }))
    .filter(({ id, slips }) => slips <= id.length / LETTERS_PER_SLIP)
    .sort((one, other) => one.slips - other.slips)
    .slice(0, MOST_SUGGESTIONS)
    .map(({ id }) => id);
}

/** Letters to insert, delete or replace (Levenshtein), row by row. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      const deleted = (row[column + 1] ?? 0) + 1;
      const inserted = (next[column] ?? 0) + 1;
      next.push(Math.min(replaced, deleted, inserted));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
