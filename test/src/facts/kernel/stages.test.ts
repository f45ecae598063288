// Where this kernel saw packets, from the events of a run to the lines of the report.

import { expect, it } from "vitest";
import { kernelStages } from "../../../../src/facts/kernel/stages.ts";
import { kernelStageLines } from "../../../../src/report/text-kernel-stages.ts";
import type { EventBody } from "../../../../src/schema/event.ts";
import type { KernelProbe } from "../../../../src/schema/events/kernel.ts";
import type { ProbeOutcome } from "../../../../src/schema/events/probe.ts";
import { pathOf } from "../../../builders/events.ts";

type Sighting = KernelProbe["seen"][number];

const OWN = { own: true, name: null, inode: 1 };
const ROUTER = { own: false, name: "r", inode: 2 };
const INSIDE = { source: "10.0.0.2", destination: "192.0.2.1", sourcePort: 4, destinationPort: 5 };
const OUTSIDE = { ...INSIDE, source: "198.51.100.7" };

const sighting = (stage: Sighting["stage"], more: Partial<Sighting> = {}): Sighting => ({
  stage,
  answer: false,
  interface: "eth0",
  namespace: OWN,
  ttl: 64,
  atMs: 1,
  ...more,
});

const seen = (cookie: number, ...all: readonly Sighting[]): EventBody => ({
  kind: "kernel-probe",
  of: { by: "cookie", cookie },
  seen: [...all],
});

const probe = (cookie: number, outcome: ProbeOutcome, more: object = {}): EventBody => ({
  kind: "probe",
  protocol: "udp",
  purpose: "hop",
  address: "192.0.2.1",
  flow: 0,
  ttl: 3,
  sizeBytes: 36,
  cookie,
  outcome,
  labels: [],
  quote: null,
  sentAtMs: 0,
  ...more,
});

const WATCH: EventBody = {
  kind: "kernel-watch",
  source: "ebpf",
  stepsDown: [],
  missingHooks: [{ hook: "net_dev_start_xmit", reason: "not in this kernel" }],
};
const SILENT: ProbeOutcome = { kind: "no-reply", waitedMs: 1 };
const ANSWERED: ProbeOutcome = {
  kind: "time-exceeded",
  from: "10.0.0.1",
  rttMs: 1,
  replyTtl: null,
};

const stagesOf = (...events: readonly EventBody[]) => kernelStages(pathOf(...events));

it("nothing is told where nothing was followed", () => {
  expect(stagesOf(WATCH, probe(1, ANSWERED))).toBeNull();
});

it("each place counts by itself, so that a loss is between two of them", () => {
  const back = sighting("received", { answer: true });
  const stages = stagesOf(
    WATCH,
    probe(1, ANSWERED),
    probe(2, SILENT),
    probe(3, { kind: "send-failed", error: "EPERM" }),
    // Known by neither cookie nor mark: nobody can tell where it was.
    probe(4, ANSWERED, { protocol: "tcp" }),
    seen(1, sighting("netfilter"), sighting("device"), back),
    seen(2, sighting("netfilter"), sighting("device"), back, sighting("dropped", { answer: true })),
    seen(3, sighting("dropped", { interface: null })),
  );
  expect(stages?.hops).toEqual([
    {
      ttl: 3,
      sent: 3,
      netfilter: 2,
      device: 2,
      returned: 2,
      answered: 1,
      dropped: 2,
      evidence: ["e6", "e7", "e8"],
    },
  ]);
  expect(stages?.notObservable).toContain("net_dev_start_xmit: not in this kernel");
});

it("another namespace is named with its devices and the NAT in it", () => {
  const stages = stagesOf(
    WATCH,
    probe(1, ANSWERED),
    seen(
      1,
      sighting("netfilter", { ends: INSIDE }),
      sighting("received", { namespace: ROUTER, interface: "r0" }),
      sighting("netfilter", { namespace: ROUTER, interface: "r1", ends: OUTSIDE }),
      sighting("device", { namespace: ROUTER, interface: "r1" }),
      sighting("received", { answer: true, ends: INSIDE }),
    ),
  );
  expect(stages?.namespaces).toEqual([
    {
      name: "r",
      received: "r0",
      sent: "r1",
      packets: 1,
      translated: {
        from: { source: "10.0.0.2", destination: "192.0.2.1" },
        to: { source: "198.51.100.7", destination: "192.0.2.1" },
      },
    },
  ]);
  expect(kernelStageLines(stages ?? undefined).join("\n")).toContain(
    "namespace r: 1 of them in by r0, out by r1; NAT: source 10.0.0.2 became",
  );
});
