// A run by hand: probes that only report what a test gives them, on a clock of its own.

import type { Snapshot } from "../../src/model/snapshot.ts";
import type { ProbeStep } from "../../src/plan-steps.ts";
import type { Probe, ProbeContext, Probes, ResolveProbe, TcpStagesProbe } from "../../src/probe.ts";
import type { EventBody, ProbeEvent } from "../../src/schema/event.ts";
import type { RunOptions } from "../../src/schema/events/run.ts";
import { trace } from "../../src/trace.ts";
import { virtualClock } from "./clock.ts";
import {
  BEHIND_NAT,
  hostSnapshot,
  interfaces,
  lookup,
  OPTIONS,
  routes,
  runStarted,
  vantage,
} from "./events.ts";
import { control, size } from "./probes.ts";
import { RESOLVED } from "./runs.ts";
import { passing } from "./tcp.ts";

interface Script {
  readonly names?: readonly EventBody[];
  readonly tcp?: readonly EventBody[];
  during?(step: string): void;
  readonly command?: "dns" | "mtu";
  readonly options?: Partial<RunOptions>;
  /** Probes in the place of those that end. */
  readonly hangs?: Partial<Record<ProbeStep, Probe>>;
  /** How long Windows takes. */
  readonly hostMs?: number;
}

function scripted({
  names = RESOLVED,
  tcp = passing("t1"),
  during,
  hostMs = 0,
  hangs = {},
}: Script = {}) {
  const steps: string[] = [];
  const notify = (step: string, bodies: readonly EventBody[], context: ProbeContext) => {
    steps.push(step);
    during?.(step);
    for (const body of bodies) context.emit(body);
  };
  const probe =
    (step: string, ...bodies: readonly EventBody[]): Probe =>
    async (context) => {
      await context.clock.sleep(5);
      notify(step, bodies, context);
    };
  const staged =
    (step: string, bodies: readonly EventBody[]) =>
    (context: ProbeContext): TcpStagesProbe & ResolveProbe => {
      const decided = probe(step, ...bodies)(context);
      const done = decided
        .then(() => context.clock.sleep(50))
        .then(() => notify(`${step} done`, [], context));
      const conclude = () => steps.push(`${step} concluded`);
      return { silent: decided, chosen: decided, clear: decided, decided, done, conclude };
    };
  const probes: Probes = {
    "proxy-choice": async () => undefined,
    links: probe("links", interfaces(BEHIND_NAT), routes(BEHIND_NAT)),
    guest: probe("guest", vantage()),
    hostProbes: () => ({
      names: async () => void steps.push("host names"),
      follow: async (tcp) => {
        await tcp.decided;
        steps.push("host followed");
      },
      reach: async () => void steps.push("host reached"),
      close: () => void steps.push("host closed"),
    }),
    host: async (context) => {
      await context.clock.sleep(hostMs);
      await probe("host", hostSnapshot(null, "left out"))(context);
    },
    resolve: staged("resolve", names),
    kernel: async () => {
      steps.push("kernel on");
      return { connecting: () => undefined, stop: async () => void steps.push("kernel off") };
    },
    "resolver-path": probe("resolver path"),
    route: (when) => probe(`route ${when}`, lookup(BEHIND_NAT, { when })),
    trust: probe("trust"),
    tcp: staged("tcp", tcp),
    proxy: async () => undefined,
    udp: async (context, clear) => {
      await clear;
      await probe("udp", control(), size(1500, control().outcome))(context);
    },
    hopNames: () => ({ decided: Promise.resolve(), done: Promise.resolve() }),
    flows: async () => undefined,
    sizeFlows: async () => undefined,
    controls: probe("controls"),
    "counter-check": async () => undefined,
    "outbound-tcp": probe("outboundTcp"),
    "candidate-sizes": probe("candidateSizes"),
    "hop-sizes": probe("hopSizes"),
    "whole-echo": async () => undefined,
    "icmp-later": async () => undefined,
    "long-answer": async () => undefined,
    transfer: async () => undefined,
    loss: probe("loss"),
    "segment-loss": async () => undefined,
    ecn: async () => undefined,
    silence: async () => undefined,
    inbound: async () => undefined,
    ...hangs,
  };
  return { probes, steps };
}

export async function runTrace(
  script: Script,
  more: { live?: boolean; signal?: AbortSignal } = {},
) {
  const { probes, steps } = scripted(script);
  const recorded: ProbeEvent[] = [];
  const snapshots: Snapshot[] = [];
  const run = trace({
    version: "0.1.0",
    target: runStarted().target,
    options: { ...OPTIONS, ...script.options },
    ...(script.command === undefined ? {} : { command: script.command }),
    probes,
    clock: virtualClock(),
    signal: more.signal ?? new AbortController().signal,
    record: (event) => recorded.push(event),
    live: more.live ?? false,
  });
  for await (const snapshot of run) snapshots.push(snapshot);
  return { steps, recorded, snapshots, last: snapshots.at(-1) };
}
