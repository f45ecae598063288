// At which places of this kernel the run's packets were seen: by TTL, and in the other namespaces that they passed.

import type { Attempt } from "../../model/connections.ts";
import type { Probe } from "../../model/hop.ts";
import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { KernelProbe } from "../../schema/events/kernel.ts";
import type { KernelReport } from "../../schema/kernel-report.ts";
import { perPath } from "../per-path.ts";

type Sighting = KernelProbe["seen"][number];
type Hop = KernelReport["hops"][number];
type Passed = KernelReport["namespaces"][number];

/** Null where nothing was followed. */
export const kernelStages = perPath("kernelStages", computeStages);

function computeStages(path: Path): KernelReport | null {
  const { probes, watch } = path.kernel;
  if (probes.length === 0 || watch === null) return null;
  const missing = watch.missingHooks.map(({ hook, reason }) => `${hook}: ${reason}`);
  return {
    hops: [...connectionRow(path), ...probeRows(path)],
    namespaces: passedNamespaces(probes),
    notObservable: [...NO_TRACEPOINT, ...missing],
  };
}

const NO_TRACEPOINT = [
  "each hook and chain of netfilter: none has a tracepoint; what is in a device's queue has passed them all",
];

interface Followed {
  readonly answered: boolean;
  readonly seen: Seen<KernelProbe> | undefined;
}

function connectionRow({ kernel, attempts }: Path): readonly Hop[] {
  const followed = attempts.flatMap((attempt): readonly Followed[] => {
    const seen = kernel.probes.find(
      ({ of }) => of.by === "attempt" && of.attempt === attempt.attempt,
    );
    return seen === undefined ? [] : [{ answered: isConnected(attempt), seen }];
  });
  return followed.length === 0 ? [] : [rowOf(null, followed)];
}

function isConnected({ stages }: Attempt): boolean {
  return stages.some(({ stage, result }) => stage === "connect" && result.kind === "ok");
}

function probeRows({ kernel, probes, flowProbes }: Path): readonly Hop[] {
  const byCookie = new Map(
    kernel.probes.flatMap((seen) => (seen.of.by === "cookie" ? [[seen.of.cookie, seen]] : [])),
  );
  const byTtl = new Map<number, Followed[]>();
  for (const probe of [...probes, ...flowProbes]) {
    const seen = byCookie.get(probe.cookie);
    if (seen === undefined && !isFollowed(probe)) continue;
    const row = byTtl.get(probe.ttl) ?? [];
    byTtl.set(probe.ttl, row);
    row.push({ answered: isAnswered(probe), seen });
  }
  return [...byTtl].sort(([a], [b]) => a - b).map(([ttl, followed]) => rowOf(ttl, followed));
}

function isAnswered({ outcome }: Probe): boolean {
  return outcome.kind !== "no-reply" && outcome.kind !== "send-failed";
}

/** A SYN of the kernel's own making is known by its mark alone. */
function isFollowed({ outcome, protocol, mark }: Probe): boolean {
  return outcome.kind !== "send-failed" && (protocol !== "tcp" || mark !== undefined);
}

function rowOf(ttl: number | null, followed: readonly Followed[]): Hop {
  const count = (is: (sighting: Sighting) => boolean) =>
    followed.filter(({ seen }) => seen?.seen.some((one) => one.namespace.own === true && is(one)))
      .length;
  const outward = (stage: Sighting["stage"]) =>
    count((one) => one.stage === stage && one.answer === false);
  return {
    ttl,
    sent: followed.length,
    netfilter: outward("netfilter"),
    device: outward("device"),
    // What its socket got had come in before, whether it could be known there or not.
    returned: followed.filter(({ answered, seen }) => answered || hasReturned(seen)).length,
    answered: followed.filter(({ answered }) => answered).length,
    dropped: count(({ stage }) => stage === "dropped"),
    evidence: followed.flatMap(({ seen }) => (seen === undefined ? [] : [seen.id])),
  };
}

function hasReturned(seen: KernelProbe | undefined): boolean {
  const back = (one: Sighting) => one.stage === "received" && one.answer;
  return seen?.seen.some((one) => one.namespace.own === true && back(one)) ?? false;
}

interface Passing {
  received: string | null;
  sent: string | null;
  packets: number;
  translated: Passed["translated"];
}

function passedNamespaces(probes: readonly KernelProbe[]): readonly Passed[] {
  const passed = new Map<string, Passing>();
  for (const { seen } of probes) followOut(seen, passed);
  return [...passed].map(([name, passing]) => ({ name, ...passing }));
}

function followOut(seen: readonly Sighting[], passed: Map<string, Passing>): void {
  let ends: Sighting["ends"];
  const met = new Set<string>();
  for (const sighting of seen.filter(({ answer }) => !answer)) {
    const before = ends;
    ends = sighting.ends ?? ends;
    const { own, name, inode } = sighting.namespace;
    if (own !== false) continue;
    const key = name ?? `inode ${inode}`;
    const passing = passed.get(key) ?? { received: null, sent: null, packets: 0, translated: null };
    passed.set(key, passing);
    if (!met.has(key)) passing.packets += 1;
    met.add(key);
    note(passing, sighting, translation(before, ends));
  }
}

function note(passing: Passing, sighting: Sighting, translated: Passed["translated"]): void {
  const { stage, interface: device } = sighting;
  if (stage === "received") passing.received ??= device;
  if (stage === "device") passing.sent ??= device;
  passing.translated ??= translated;
}

/** Null where addresses stayed; a NAT that changes ports alone changes no path. */
function translation(
  from: Sighting["ends"],
  to: Sighting["ends"],
): KernelReport["namespaces"][number]["translated"] {
  if (from === undefined || to === undefined) return null;
  if (from.source === to.source && from.destination === to.destination) return null;
  return { from: addressesOf(from), to: addressesOf(to) };
}

function addressesOf({ source, destination }: NonNullable<Sighting["ends"]>) {
  return { source, destination };
}
