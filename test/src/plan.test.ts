// The order of probes as data: what may not be swapped, whatever else changes in it.

import { expect, it } from "vitest";
import { PLAN } from "../../src/plan.ts";
import type { Milestone, StepName } from "../../src/plan-steps.ts";

const names = PLAN.map(({ step }) => step);

function stepOf(milestone: Milestone): string {
  return milestone.split(".")[0] ?? milestone;
}

/** Everything that is reached before a step starts. */
function before(step: StepName, seen = new Set<Milestone>()): ReadonlySet<Milestone> {
  for (const milestone of PLAN.find((one) => one.step === step)?.after ?? []) {
    seen.add(milestone);
    const waited = names.find((name) => name === stepOf(milestone));
    if (waited !== undefined) before(waited, seen);
  }
  return seen;
}

it("names each step once, and puts it behind those that it waits for", () => {
  expect(new Set(names).size).toBe(names.length);
  for (const [index, { after }] of PLAN.entries()) {
    const known: readonly string[] = names.slice(0, index);
    expect(after.map(stepOf).filter((name) => !known.includes(name))).toEqual([]);
  }
});

it("lets no step wait, once it has begun, for what waits for its end", () => {
  for (const { step, meanwhile = [] } of PLAN) {
    for (const name of names.filter((one) => meanwhile.includes(one))) {
      expect(before(name)).not.toContain(step);
    }
  }
});

it("gives a reason for the place of each step", () => {
  expect(PLAN.filter(({ why }) => why.length < 20)).toEqual([]);
});

const SENDING: readonly StepName[] = [
  ...(["tcp", "udp", "flows", "controls", "outbound-tcp"] as const),
  ...(["candidate-sizes", "hop-sizes", "loss"] as const),
];

it.each(SENDING)("looks for a cached PMTU, and at this kernel, before %s", (step) => {
  expect(before(step)).toContain("route-before");
  expect(before(step)).toContain("kernel");
});

/** Each takes long, or starts a program that may. */
const SLOW: readonly StepName[] = ["guest", "host"];

it.each(SLOW)("asks for the name and connects without waiting for %s", (step) => {
  for (const first of ["resolve", "tcp"] as const) expect(before(first)).not.toContain(step);
});

it("sends small packets beside the connection, and nothing over UDP that the inbound half might still learn from", () => {
  const udp = PLAN.find(({ step }) => step === "udp");
  expect(udp?.after).toEqual(["tcp.chosen"]);
  expect(udp?.meanwhile).toContain("tcp.clear");
});

/** They may bring back an ICMP error that names an MTU, or send data with DF. */
const LARGE: readonly StepName[] = ["flows", "outbound-tcp", "candidate-sizes", "hop-sizes"];

it.each(LARGE)("decides the inbound half before %s", (step) => {
  expect(before(step)).toContain("tcp.decided");
});

it("measures loss when everything that could hint at it has ended", () => {
  expect(before("loss")).toContain("tcp");
  expect(before("loss")).toContain("hop-sizes");
});

it("ends the kernel's watch behind the last packet, and the names behind that", () => {
  for (const step of [...SENDING, "route-after" as const]) {
    expect(before("kernel-end")).toContain(step);
  }
  expect(before("resolve-end")).toContain("kernel-end");
});
