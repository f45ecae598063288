// The steps that measure: hops, sizes in both directions, loss, this kernel, and what Windows itself can do.

import { hopKind } from "../../diagnosis/chain/kinds.ts";
import { hasSilentLimit, inboundLimit } from "../../diagnosis/needs/sizes.ts";
import { tracedAddress, tracedLookup } from "../../facts/connection/subject.ts";
import type { Facts } from "../../facts/facts.ts";
import { attemptDrops, formatDrop, isWatched } from "../../facts/kernel/own-packets.ts";
import { isLoss, measuredLoss } from "../../facts/loss/loss-measurement.ts";
import type { HopFacts } from "../../facts/reach/hops.ts";
import { hostFacts } from "../../facts/reach/host-evidence.ts";
import { targetProbes } from "../../facts/reach/probes.ts";
import { ownerOf } from "../../facts/size/limit-owner.ts";
import type { SmallerLink, WindowsView } from "./phrases.ts";
import { type StepData, step } from "./step.ts";

export function measuredSteps(facts: Facts): readonly StepData[] {
  return [
    ...hopSteps(facts),
    ...sizeStep(facts, "outbound"),
    ...sizeStep(facts, "inbound"),
    ...lossStep(facts),
    ...kernelStep(facts),
    ...windowsStep(facts),
  ];
}

/** How far small packets come, and whether the target itself answers. */
function hopSteps(facts: Facts): StepData[] {
  const { routers, target } = facts.hops;
  const sent = targetProbes(facts.path);
  const address = tracedAddress(facts.path);
  if (sent.length === 0 || address === undefined) return [];
  const answering = routers.flatMap((one) =>
    one.from === null ? [] : [{ ...one, from: one.from }],
  );
  const last: (HopFacts & { readonly from: string }) | undefined =
    target === null || target.from === null ? answering.at(-1) : { ...target, from: target.from };
  if (last !== undefined) return [hopsStep(facts, address, answering, last)];
  if (facts.attempt?.stages.some(({ result }) => result.kind === "ok")) return [];
  return [
    step("reach", "failing", {
      tried: (say) => say.reachTried({ address, count: sent.length }),
      cameBack: (say) => say.reachSilent,
      proves: (say) => say.reachFailsProves,
      evidence: sent.map(({ id }) => id),
    }),
  ];
}

function hopsStep(
  facts: Facts,
  address: string,
  answering: readonly (HopFacts & { readonly from: string })[],
  last: HopFacts & { readonly from: string },
): StepData {
  const { target } = facts.hops;
  const largestTtl = Math.max(...targetProbes(facts.path).map(({ ttl }) => ttl));
  const routers = answering.map(({ ttl, from }) => `${ttl} ${from}`);
  return step("hops", "healthy", {
    segment: hopKind(facts, last.ttl),
    tried: (say) => say.hopsTried({ address, largestTtl }),
    cameBack: (say) => say.hopsCame({ routers, target: target?.ttl ?? null }),
    proves: (say) => say.hopsProve({ ttl: last.ttl, from: last.from, atTarget: target !== null }),
    evidence: [...new Set([...answering, last].flatMap(({ evidence }) => evidence))],
  });
}

function sizeStep(facts: Facts, way: "outbound" | "inbound"): StepData[] {
  const outbound = way === "outbound";
  const { estimate } = facts[way];
  const full = facts.fullSize?.[way];
  const silent = outbound ? hasSilentLimit(facts) : inboundLimit(facts).kind === "met";
  const told = estimate.basis === "icmp" && estimate.below !== null && !estimate.silent;
  const how = silent ? "silent" : told ? "told" : full?.seen ? "full" : null;
  const largest = full?.largest ?? estimate.atLeast;
  const tried = Math.max(full?.full ?? 0, largest ?? 0, estimate.below ?? 0);
  const evidence = sizeEvidence(facts, way);
  if (how === null || evidence.length === 0) return [];
  return [
    step(`${way}-size`, silent ? "failing" : "healthy", {
      tried: (say) => say.sizeTried({ outbound, largest: tried }),
      cameBack: (say) => say.sizeCame({ outbound, estimate, largest: silent ? null : largest }),
      proves: (say) => say.sizeProves({ outbound, how }),
      evidence,
    }),
  ];
}

/** What the sizes are concluded from; else the connection whose packets were of full size. */
function sizeEvidence(facts: Facts, way: "outbound" | "inbound"): readonly string[] {
  const { evidence } = facts[way];
  const { attempt } = facts;
  if (evidence.length > 0 || attempt === undefined) return evidence;
  return [attempt.ended?.id ?? attempt.stages.at(-1)?.id ?? attempt.id];
}

function lossStep({ path }: Facts): StepData[] {
  const measured = measuredLoss(path);
  if (measured === null || measured.sent === 0 || measured.evidence.length === 0) return [];
  const { sent, lost, evidence } = measured;
  const how = lost === 0 ? "none" : isLoss(measured) ? "much" : "some";
  const results = { none: "healthy", much: "failing", some: "context" } as const;
  return [
    step("loss", results[how], {
      tried: (say) => say.lossTried({ sent }),
      cameBack: (say) => say.lossCame({ sent, lost }),
      proves: (say) => say.lossProves({ how }),
      evidence,
    }),
  ];
}

/** What this kernel saw of the default attempt: whether its packets left, and whether any came back. */
function kernelStep({ path, attempt }: Facts): StepData[] {
  if (attempt === undefined || !isWatched(path)) return [];
  const flow = path.kernel.flows.find((seen) => seen.attempt === attempt.attempt);
  const drops = attemptDrops(path, attempt.attempt);
  const [drop] = drops;
  if (flow === undefined && drop === undefined) return [];
  const { interface: device = null, sent = 0, received = 0 } = flow ?? {};
  return [
    step("kernel", "narrows", {
      segment: "linux-stack",
      tried: (say) => say.kernelTried({ watched: true }),
      cameBack: (say) =>
        [
          ...(flow === undefined ? [] : [say.kernelFlow({ device, sent, received })]),
          ...(drop === undefined
            ? []
            : [say.kernelDropped({ drop: formatDrop(drop), count: drops.length })]),
        ].join(say.semicolon),
      proves: (say) =>
        say.kernelProves({ dropped: drops.length > 0, sent: sent > 0, received: received > 0 }),
      evidence: [...(flow === undefined ? [] : [flow.id]), ...drops.map(({ id }) => id)],
    }),
  ];
}

const VIEWS: readonly WindowsView[] = [
  "name",
  "target",
  "tls",
  "firstRouter",
  "endpoint",
  "tunnel",
];

/**
 * Why Windows gets what the distro does not: TCP asks for segments that fit the link on which a connection begins
 * (RFC 9293 s.3.7.1), and Windows' own begin on the tunnel.
 */
function smallerLink({ path, inbound }: Facts, getsAll: boolean): SmallerLink | null {
  const lookup = tracedLookup(path);
  if (!getsAll || lookup?.outcome.kind !== "route") return null;
  const { interface: device, linkMtu } = lookup.outcome;
  const owner = ownerOf(path, inbound.estimate);
  // What loses less than its own MTU would lose Windows' segments as well, and a tunnel of the distro is none of Windows'.
  if (owner.kind !== "vpn" || owner.carriesLess || owner.ifIndex === null) return null;
  const { name: adapter, mtu } = owner;
  return mtu < linkMtu ? { adapter, mtu, device, deviceMtu: linkMtu } : null;
}

function windowsStep(facts: Facts): StepData[] {
  const { path, dns } = facts;
  const host = hostFacts(path);
  const views = VIEWS.filter((what) => what !== "name" || !dns.literal);
  const known = views.flatMap((what) => {
    const { state, reason, evidence } = host[what];
    return state === "unknown" || evidence.length === 0 ? [] : [{ what, state, reason, evidence }];
  });
  if (known.length === 0) return [];
  const { state } = host.target;
  const reaches = state === "unknown" ? null : state === "yes";
  const isLimited = inboundLimit(facts).kind === "met";
  const smaller = smallerLink(facts, isLimited && host.tls.state === "yes");
  return [
    step("windows", "narrows", {
      segment: "windows-stack",
      tried: (say) => say.windowsTried,
      cameBack: (say) => known.map((view) => say.windowsSaw(view)).join(say.semicolon),
      proves: (say) => say.windowsProves({ reaches, smaller }),
      evidence: [...new Set(known.flatMap(({ evidence }) => evidence))],
    }),
  ];
}
