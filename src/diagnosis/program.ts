// The verdict of a run that followed a program: its connections' own where no rule names a cause.

import type { Path } from "../model/path.ts";
import type { ProgramConnection } from "../schema/events/program.ts";
import type { Verdict } from "../schema/verdict.ts";

interface Conclusion {
  readonly verdict: Verdict;
  readonly reason: string;
}

/**
 * Null where no program was followed.
 * @param traced what the probes say, which found no fault; null where nothing was sent
 */
export function programConclusion(
  { program, programConnections: seen }: Path,
  traced: Conclusion | null,
): Conclusion | null {
  if (program === null) return null;
  const stuck = seen.find((one) => one.diagnosed);
  if (stuck !== undefined && traced !== null) return besideProbes(stuck, traced, program.attached);
  if (traced !== null) {
    const reason = `${program.name} failed, and not by the network to its target: ${traced.reason}`;
    return { ...traced, reason };
  }
  const failed = seen.filter((one) => one.failed);
  if (failed.length > 0 && failed.length === seen.length) {
    const reason = `none of the connections of ${program.name} got an answer, and none was diagnosed`;
    return { verdict: "inconclusive", reason };
  }
  if (program.connections === 0) {
    return { verdict: "inconclusive", reason: `no connection of ${program.name} was seen` };
  }
  const reason =
    program.connections === 1
      ? `the connection of ${program.name} did not hang`
      : `none of the ${program.connections} connections of ${program.name} hung`;
  return { verdict: "healthy", reason };
}

/** What hung, and does not hang when it is tried again. */
function besideProbes(
  stuck: ProgramConnection,
  traced: Conclusion,
  isAttached: boolean,
): Conclusion {
  const place = `${stuck.program}'s connection to ${stuck.name ?? stuck.address}`;
  // A server that thinks, and a flow that paused, are no fault of the network's.
  if (PATIENT.includes(stuck.condition) && !stuck.failed) {
    // The end of one that is over is acknowledged where the other end still knows it; of one that is not, nothing tells.
    if (stuck.condition === "cut-off" && isAttached) {
      const reason = `${place} has stopped in the middle of a long answer or behind it, which cannot be told while the program runs: ${traced.reason}`;
      return { verdict: "inconclusive", reason };
    }
    return { ...traced, reason: `${place} waits for the other end: ${traced.reason}` };
  }
  const how = stuck.failed ? "failed" : "hung";
  const reason = `${place} ${how}, and a new one to the same place does not: ${traced.reason}`;
  return { verdict: "inconclusive", reason };
}

const PATIENT: readonly ProgramConnection["condition"][] = ["awaiting", "cut-off", "idle"];
