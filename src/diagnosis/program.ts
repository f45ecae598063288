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
  if (stuck !== undefined && traced !== null)
    return besideProbes(stuck, seen, traced, program.attached);
  if (traced !== null && program.exitCode === 0) {
    const reason = `connections that may be those of ${program.name} failed, and a new one does not: ${traced.reason}`;
    return { verdict: "inconclusive", reason };
  }
  if (traced !== null) {
    const reason = `${program.name} failed, and not by the network to its target: ${traced.reason}`;
    return { ...traced, reason };
  }
  const failed = seen.filter((one) => one.failed);
  if (failed.length > 0) {
    const some = `${failed.length} of the ${program.connections} connections of ${program.name} got no answer`;
    const none = `none of the connections of ${program.name} got an answer`;
    const reason = `${failed.length === seen.length ? none : some}, and none was diagnosed`;
    return { verdict: "inconclusive", reason };
  }
  if (program.connections === 0) {
    return { verdict: "inconclusive", reason: `no connection of ${program.name} was seen` };
  }
  if (program.unseen.includes("short-lived-failure")) {
    const reason = `no connection that ${program.name} was seen to hold hung, and others failed before their owner was seen`;
    return { verdict: "inconclusive", reason };
  }
  const client = seen.find(isStuckClient);
  if (client !== undefined) {
    const reason = `${client.address}, which connected to ${client.program}, no longer acknowledges what it is sent: \`wsl-trace path\` over there shows where it is lost`;
    return { verdict: "inconclusive", reason };
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
  seen: readonly ProgramConnection[],
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
  // Of two addresses of one server the other one worked, and now both do.
  if (stuck.failed && traced.verdict === "healthy" && seen.some((one) => cameThrough(one, stuck)))
    return { ...traced, reason: `${place} failed, and another address answered: ${traced.reason}` };
  const how = stuck.failed ? "failed" : "hung";
  const reason = `${place} ${how}, and a new one to the same place does not: ${traced.reason}`;
  return { verdict: "inconclusive", reason };
}

function cameThrough(one: ProgramConnection, other: ProgramConnection): boolean {
  return (
    !one.failed &&
    one.protocol === "tcp" &&
    one.program === other.program &&
    one.port === other.port &&
    one.address !== other.address
  );
}

/** Nothing can be traced to a client's own port. */
function isStuckClient({ accepted, closed, condition, silentMs }: ProgramConnection): boolean {
  return accepted === true && !closed && OWED.includes(condition) && silentMs >= HANG_MS;
}

const OWED: readonly ProgramConnection["condition"][] = ["gone", "gap", "sending"];
/** As for connections that can be traced. */
const HANG_MS = 3000;

const PATIENT: readonly ProgramConnection["condition"][] = ["awaiting", "cut-off", "idle"];
