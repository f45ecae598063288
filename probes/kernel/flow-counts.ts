// What an interface of this namespace saw of each TCP attempt: packets out, packets in, the largest one.

import type { KernelFlow } from "../../src/schema/events/kernel.ts";
import type { StageEvent } from "./kernel-event.ts";

export interface FlowCounts {
  add(event: StageEvent): void;
  all(): readonly Omit<KernelFlow, "kind">[];
}

interface Tally {
  interface: string | null;
  sent: number;
  received: number;
  receivedMaxBytes: number | null;
}

/** @param nameOf the attempt with a flow's number; undefined for a flow of somebody else */
export function createFlowCounts(nameOf: (flow: number) => string | undefined): FlowCounts {
  const tallies = new Map<string, Tally>();
  return {
    add: ({ match, stage, device, packet }) => {
      if (match.by !== "flow") return;
      const attempt = nameOf(match.flow);
      if (attempt === undefined) return;
      const tally = tallies.get(attempt) ?? empty();
      tallies.set(attempt, tally);
      if (stage === "sent" && match.direction === "out") {
        tally.sent += 1;
        tally.interface = device.interface;
      }
      if (stage === "received" && match.direction === "in") {
        tally.received += 1;
        tally.interface ??= device.interface;
        tally.receivedMaxBytes = Math.max(tally.receivedMaxBytes ?? 0, packet.sizeBytes);
      }
    },
    all: () => [...tallies].map(([attempt, tally]) => ({ attempt, ...tally })),
  };
}

function empty(): Tally {
  return { interface: null, sent: 0, received: 0, receivedMaxBytes: null };
}
