// No text of the evidence enters a printed command unless it is what it must be: every value that a command shows is spoilt.

import { expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { fold } from "../../../src/model/reduce.ts";
import { type ProbeEvent, probeEvent } from "../../../src/schema/event.ts";
import { readEvents, readRecordings } from "../../recordings/files.ts";

const MARK = "M4RK";
/** Each ends what stands before it in a shell or in PowerShell, or brings a line of its own. */
const SPOILERS = [
  `;${MARK}`,
  ` ${MARK}`,
  `$(${MARK})`,
  `'${MARK}`,
  `"${MARK}`,
  `\n${MARK}`,
  `/${MARK}`,
];

/** Of PowerShell, as their names begin. */
const CMDLET = /^(?:New|Remove|Set)-Net/;
/** What it takes as a text and nothing else. */
const QUOTED = /'[A-Za-z0-9 ()._-]*'/g;

type Json = string | number | boolean | null | Json[] | { readonly [key: string]: Json };

const WORD = /[A-Za-z0-9:.]+/g;

it("no value with shell characters gets from the evidence into a command", () => {
  const tried = [...oneOfEachCommand()].flatMap(([name, events]) =>
    shownTexts(events).flatMap((value) =>
      SPOILERS.flatMap((spoiler) => {
        const changed = withText(events, value, value + spoiler);
        if (changed === null) return [];
        return [{ name, value, leaks: commandsOf(changed).filter(isLeak) }];
      }),
    ),
  );
  expect(tried.filter(({ leaks }) => leaks.length > 0)).toEqual([]);
  // Were no value found in any command, nothing would have been tried.
  expect(tried.length).toBeGreaterThan(FEWEST_TRIED);
});

/** The texts of the evidence of which a command shows some part. */
function shownTexts(events: readonly ProbeEvent[]): readonly string[] {
  const shown = new Set(commandsOf(events).join("\n").match(WORD) ?? []);
  const isShown = (value: string) => (value.match(WORD) ?? []).some((word) => shown.has(word));
  return [...textsOf(events)].filter(isShown);
}

const FEWEST_TRIED = 500;

/** Whether spoilt text stands in it; in the quotes of a PowerShell command a space is one. */
function isLeak(line: string): boolean {
  return (CMDLET.test(line) ? line.replace(QUOTED, "") : line).includes(MARK);
}

/** A recording for each command that is printed, whatever its numbers are. */
function oneOfEachCommand(): ReadonlyMap<string, readonly ProbeEvent[]> {
  const seen = new Set<string>();
  const chosen = new Map<string, readonly ProbeEvent[]>();
  for (const { files } of readRecordings()) {
    for (const file of files.slice(0, 1)) {
      const events = readEvents(file);
      const shapes = commandsOf(events).map((line) => line.replace(/[0-9a-f]*[0-9:.]+/g, "0"));
      if (shapes.every((shape) => seen.has(shape))) continue;
      for (const shape of shapes) seen.add(shape);
      chosen.set(file, events);
    }
  }
  return chosen;
}

function commandsOf(events: readonly ProbeEvent[]): readonly string[] {
  return diagnose(fold(events)).findings.flatMap(({ fixes }) =>
    fixes.flatMap(({ commands }) => commands),
  );
}

function textsOf(value: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (typeof value === "string") found.add(value);
  else if (typeof value === "object" && value !== null)
    for (const part of Object.values(value)) textsOf(part, found);
  return found;
}

/** The events with another text wherever it stood, so that what was equal stays so; null where no recording could say so. */
function withText(
  events: readonly ProbeEvent[],
  from: string,
  to: string,
): readonly ProbeEvent[] | null {
  const changed = replaced(JSON.parse(JSON.stringify(events)), from, to);
  const parsed = probeEvent.array().safeParse(changed);
  return parsed.success && !isRefused(parsed.data) ? parsed.data : null;
}

/** A snapshot of another schema stops the tool before it reads a row. */
function isRefused(events: readonly ProbeEvent[]): boolean {
  try {
    fold(events);
    return false;
  } catch {
    return true;
  }
}

function replaced(value: Json, from: string, to: string): Json {
  if (typeof value === "string") return value === from ? to : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((part) => replaced(part, from, to));
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, replaced(part, from, to)]),
  );
}
