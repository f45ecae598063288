// What the screen's `f` would do, before anybody agrees to it.

import { withoutSudo } from "../fixing/read-commands.ts";
import type { Report } from "../schema/report.ts";
import { candidates } from "./fix-choice.ts";

export interface FixPlan {
  readonly cause: string;
  readonly title: string;
  /** What is run first, as root; further ones are asked about when it did not help. */
  readonly commands: readonly string[];
  readonly persistent: boolean;
}

/** Or a sentence that says why nothing can be done from here. */
export function fixPlan({ findings, vantage }: Report): FixPlan | string {
  const finding = findings.find(({ severity }) => severity !== "note");
  if (finding === undefined) return "there is no fault to fix";
  if (vantage.netns !== undefined) return "the run was in another network namespace";
  const [first] = candidates(finding);
  if (first === undefined) {
    return finding.fixes.length === 0
      ? "no command fixes this"
      : "its fix cannot be done from here: c copies it";
  }
  const { title, commands, persistent } = first.fix;
  return { cause: finding.cause, title, commands: commands.map(withoutSudo), persistent };
}
