// SYNs from source ports all over: which of them get answers.

import type { Path } from "../../model/path.ts";
import { isFromTarget, tracedAddress } from "../connection/subject.ts";
import { perPath } from "../per-path.ts";

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export interface SourcePorts {
  /** The lowest and the highest that were answered; null where none was. */
  readonly answered: PortRange | null;
  /** The nearest silent ones around them. */
  readonly below: number;
  readonly above: number;
  /** A silent one lies between two that were answered: that is loss, and no range. */
  readonly hasHoles: boolean;
  readonly evidence: readonly string[];
}

/** Below it only root's programs bind, and above it there is none. */
const LOWEST = 1023;
const HIGHEST = 65_536;

/** Null where none was sent. */
export const sourcePorts = perPath("sourcePorts", computeSourcePorts);

function computeSourcePorts(path: Path): SourcePorts | null {
  const address = tracedAddress(path);
  const sent = path.flowProbes.filter(
    (probe) =>
      probe.purpose === "source-port" &&
      probe.address === address &&
      probe.outcome.kind !== "send-failed",
  );
  if (sent.length === 0) return null;
  const answered = new Set<number>();
  const silent = new Set<number>();
  for (const { sourcePort = 0, outcome, address: to } of sent) {
    (isFromTarget(outcome, to) ? answered : silent).add(sourcePort);
  }
  const quiet = [...silent].filter((port) => !answered.has(port));
  const [first, last] = [Math.min(...answered), Math.max(...answered)];
  return {
    answered: answered.size === 0 ? null : { first, last },
    below: Math.max(LOWEST, ...quiet.filter((port) => port < first)),
    above: Math.min(HIGHEST, ...quiet.filter((port) => port > last)),
    hasHoles: quiet.some((port) => port > first && port < last),
    evidence: sent.map(({ id }) => id),
  };
}

/** Whether another source port would show no more: both ends are known to the port. */
export function isExactRange({ answered, below, above }: SourcePorts): boolean {
  return answered !== null && answered.first - below === 1 && above - answered.last === 1;
}
