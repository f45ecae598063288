// The report's part about a followed program, from the Path.

import type { Path } from "../model/path.ts";
import type { Report } from "../schema/report.ts";
import { doingOf, placeOfConnection, UNSEEN } from "./words/program.ts";

/** Null where no program was followed. */
export function programOf({ program, programConnections }: Path): Report["program"] | null {
  if (program === null) return null;
  const { name, exitCode, signal, durationMs, connections, unseen } = program;
  const stuck = programConnections.find(({ diagnosed }) => diagnosed);
  const doing =
    stuck === undefined
      ? null
      : `${stuck.program} -> ${placeOfConnection(stuck)}: ${doingOf(stuck)}`;
  const notSeen = unseen.map((one) => UNSEEN[one]);
  return { name, exitCode, signal, durationMs, connections, doing, notSeen };
}
