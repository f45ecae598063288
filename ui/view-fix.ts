// What `f` asks: the commands that would run, and what becomes of them.

import type { FixPlan } from "../src/commands/fix-plan.ts";
import { LASTS, lastingOf } from "../src/report/words/lasts.ts";
import { type Line, line, span, wrapped } from "./lines.ts";

export function fixQuestion(plan: FixPlan, columns: number): readonly Line[] {
  const { cause, title, commands } = plan;
  const text = (words: string) => wrapped(words, "plain", { columns, first: " " });
  return [
    line(` Try the fix of ${cause}?`, "strong"),
    [],
    ...text(`${title} (${LASTS[lastingOf(plan)]}). As root, on this machine:`),
    ...commands.flatMap((command) => wrapped(command, "strong", { columns, first: "   # " })),
    [],
    ...text(
      "The screen closes, the report is printed, this runs, and the same trace is made once more. Where it helped it is kept, and wsl-trace fix --undo takes it back; else it is taken back at once.",
    ),
    [],
    [span(" y", "strong"), span(" try it     "), span("any other key", "strong"), span(" back")],
  ];
}
