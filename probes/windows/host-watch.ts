// Has Windows count the packets of the traced address in each of its components, where that is allowed.

import type { ProbeContext } from "../../src/probe.ts";
import type { HostCounters } from "../../src/schema/events/host-probe.ts";
import type { HostProber } from "./prober.ts";

export interface HostWatch {
  /** Reports what was counted since the start, and ends the counting. */
  report(): Promise<void>;
  /** Ends the counting; nothing is reported. */
  stop(): Promise<void>;
}

/** Null without the privilege to count; the reason why an administrator could not is reported. */
export async function startHostWatch(
  prober: HostProber,
  address: string,
  { emit, clock }: Pick<ProbeContext, "emit" | "clock">,
  runStartMs: number,
): Promise<HostWatch | null> {
  if (!prober.elevated) return null;
  const now = () => clock.now() - runStartMs;
  const fromMs = now();
  const report = (counted: Pick<HostCounters, "components" | "reason">) =>
    emit({ kind: "host-counters", address, fromMs, untilMs: now(), ...counted });
  const ask = async (question: Parameters<HostProber["ask"]>[0][number]) => {
    const [reply] = await Promise.all(prober.ask([question]));
    if (reply?.kind !== "answered") return { problem: reply?.reason ?? "no answer" };
    const { ok, error, counters = "" } = reply.answer;
    return ok ? { counters } : { problem: error ?? "refused" };
  };
  const started = await ask({ ask: "watch", addresses: [address] });
  if ("problem" in started) {
    report({ components: [], reason: started.problem });
    return null;
  }
  const stop = async () => {
    await ask({ ask: "unwatch" });
  };
  return {
    stop,
    report: async () => {
      const reported = await ask({ ask: "counters" });
      const { readCounters } = await import("./pktmon.ts");
      const read = "problem" in reported ? null : readCounters(reported.counters);
      const problem = read?.kind === "unread" ? read.problem : null;
      if (read?.kind === "read") report({ components: [...read.components], reason: null });
      else
        report({
          components: [],
          reason: problem ?? ("problem" in reported ? reported.problem : null),
        });
      await stop();
    },
  };
}
