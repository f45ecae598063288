// Probes of the Windows host by hand, and control probes of this side.

import type {
  ControlProbe,
  HostCounters,
  HostProbe,
  HostProbeResult,
} from "../../src/schema/events/host-probe.ts";
import type { ProbeOutcome } from "../../src/schema/events/probe.ts";
import { TARGET } from "./events.ts";
import { probeSent } from "./probes.ts";

type Of<A extends HostProbeResult["ask"]> = Extract<HostProbeResult, { readonly ask: A }>;
type Outcome<A extends "connect" | "echo" | "neighbour"> = Of<A>["outcome"];

function hostProbe(purpose: HostProbe["purpose"], one: HostProbeResult): HostProbe {
  return { kind: "host-probe", purpose, sentAtMs: 100, tookMs: 5, try: one };
}

export function hostConnects(outcome: Outcome<"connect">, address: string = TARGET): HostProbe {
  const purpose = address === TARGET ? "target" : "in-tunnel";
  return hostProbe(purpose, { ask: "connect", address, port: 443, outcome, detail: null });
}

export function hostEcho(
  outcome: Outcome<"echo">,
  { address = TARGET, from = null, ttl = 128 }: Partial<Of<"echo">> = {},
): HostProbe {
  const one: HostProbeResult = {
    ask: "echo",
    address,
    sizeBytes: 64,
    ttl,
    outcome,
    from,
    detail: null,
  };
  return hostProbe("target", one);
}

/** pktmon counted seven dropped packets in a component of Windows. */
export function hostCounters(name: string, reason: string | null): HostCounters {
  const none = { packets: 0, bytes: 0 };
  const drop = { way: "received" as const, packets: 7, bytes: 420, reason };
  const components = [{ group: name, name, received: none, sent: none, drops: [drop] }];
  const when = { address: TARGET, fromMs: 10, untilMs: 4000 };
  return { kind: "host-counters", ...when, components, reason: null };
}

export function hostNeighbour(outcome: Outcome<"neighbour">, address: string): HostProbe {
  return hostProbe("first-router", { ask: "neighbour", address, outcome, detail: null });
}

export function hostResolves(name: string, addresses: readonly string[]): HostProbe {
  const error = addresses.length > 0 ? null : "timeout";
  const one: HostProbeResult = {
    ask: "resolve",
    name,
    type: "A",
    server: null,
    addresses: [...addresses],
    error,
  };
  return hostProbe("name", one);
}

export function control(
  about: ControlProbe["about"],
  address: string,
  outcome: ProbeOutcome,
): ControlProbe {
  return { ...probeSent(outcome, { purpose: "control", address }), kind: "control-probe", about };
}
