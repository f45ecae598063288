// Windows reaches the target and answers the distro, and what the distro sends to the target gets no answer.

import type { Facts } from "../../../facts/facts.ts";
import { formatHostDrop, hostDrops } from "../../../facts/reach/host-counters.ts";
import type { Observation } from "../../../facts/reach/host-probes.ts";
import type { SegmentKind } from "../../../schema/verdict.ts";
import { cause } from "../../cause.ts";
import { type Grade, weaker } from "../../confidence.ts";
import { wholePath } from "../../locations.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { asReported, say } from "../../words.ts";
import { BEFORE_THE_HOST, WINDOWS_FILTERS } from "../groups.ts";

export const hostForwardingBlocked = cause({
  id: "host-forwarding-blocked",
  area: "host",
  title: "Windows reaches the target itself and does not forward the distro's packets",
  segment: "windows-stack",
  severity: "fault",
  direction: null,
  dependsOn: [
    ...BEFORE_THE_HOST,
    ...WINDOWS_FILTERS,
    ...(["host-without-ipv4", "lan-gateway-unreachable"] as const),
    ...(["vpn-tunnel-dead", "admin-prohibited", "resume-from-sleep"] as const),
  ],
  differentialCauses: [
    ...(["nat-source-not-translated", "lan-gateway-unreachable", "vpn-tunnel-dead"] as const),
    ...(["gateway-unreachable", "port-filtered"] as const),
  ],
  needs: ["behindHost", "attempt"],
  judge: (facts) => {
    const { guest, host } = facts;
    if (guest.beyond.state === "yes")
      return rejected(asReported(guest.beyond), guest.beyond.evidence);
    if (guest.beyond.state === "unknown") return notChecked(asReported(guest.beyond));
    if (guest.near.state !== "yes") {
      return notChecked(say("windowsSilent", { reason: guest.near.reason }));
    }
    if (guest.forbidden.length > 0) {
      return rejected(say("ownFirewall"), guest.forbidden);
    }
    if (guest.refusedByGateway.length > 0) {
      return rejected(say("nextHopMissing"), guest.refusedByGateway);
    }
    if (host.target.state === "no") return rejected(asReported(host.target), host.target.evidence);
    const evidence = [...guest.near.evidence, ...guest.beyond.evidence, ...host.target.evidence];
    if (host.target.state === "unknown" && facts.relation?.kind !== "nat") {
      return notChecked(say("hostUnknown", { reason: host.target.reason }));
    }
    if (host.target.state === "yes") return blocked(facts, host.target, evidence);
    return guest.elsewhere.state === "yes"
      ? rejected(asReported(guest.elsewhere), guest.elsewhere.evidence)
      : perhaps(facts, host.target, evidence);
  },
});

/** Windows' own probe of the target is the control; one of an earlier day is none. */
function gradeOf(isFresh: boolean, isPartly: boolean): Grade {
  const grade = isFresh ? "measured" : "inferred";
  return isPartly ? weaker(grade) : grade;
}

function blocked(facts: Facts, target: Observation, evidence: readonly string[]) {
  const { attempt, guest } = facts;
  const { elsewhere, leaves } = guest;
  // What passes elsewhere shows that Windows forwards something: only some of it is held back.
  // Answers to other packets do not show that those to the target leave the distro.
  const isPartly = elsewhere.state === "yes" || !leaves;
  const drops = countedDrops(facts);
  return fires({
    confidence: gradeOf(target.fresh, isPartly),
    segment: "windows-stack",
    between: null,
    direction: null,
    summary: say("found", {
      reason: target.reason,
      address: attempt?.address,
      drops: drops.counted,
    }),
    evidence: [...evidence, ...drops.evidence],
    fixes: FIXES,
  });
}

/** What pktmon counted inside Windows. */
function countedDrops({ path }: Facts) {
  const inside = hostDrops(path).filter(({ segment }) => segment === null || INSIDE.has(segment));
  if (path.hostCounters === null || inside.length === 0) return { counted: [], evidence: [] };
  const counted = inside.slice(0, SHOWN).map(formatHostDrop);
  return { counted, evidence: [path.hostCounters.id] };
}

const INSIDE: ReadonlySet<SegmentKind> = new Set(["vswitch", "windows-stack", "nat"]);
const SHOWN = 3;

/** Without a host probe it is Windows or anything beyond it. */
function perhaps(facts: Facts, target: Observation, evidence: readonly string[]) {
  return fires({
    confidence: "candidate",
    segment: null,
    between: wholePath(facts),
    direction: null,
    summary: say("perhaps", { address: facts.attempt?.address, reason: target.reason }),
    evidence,
    fixes: [],
  });
}

const FIXES = [
  {
    where: "windows",
    title: say("restart"),
    commands: ["wsl --shutdown"],
    persistent: false,
  },
  {
    where: "windows-admin",
    title: say("seeForwarding"),
    commands: [
      'Get-NetIPInterface | Where-Object InterfaceAlias -like "vEthernet (WSL*" | Format-Table InterfaceAlias, AddressFamily, Forwarding',
    ],
    persistent: false,
  },
] as const;
