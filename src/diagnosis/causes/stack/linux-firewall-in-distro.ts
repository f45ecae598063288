// Netfilter of this very Linux drops the packets of the default attempt.

import { attemptState, lastInfo, stageOf } from "../../../facts/connection/attempt.ts";
import type { Facts } from "../../../facts/facts.ts";
import { counterCheck } from "../../../facts/kernel/counter-check.ts";
import { directionOf, heldBack } from "../../../facts/kernel/own-packets.ts";
import { targetProbes, targetSyns } from "../../../facts/reach/probes.ts";
import { serviceCount } from "../../../facts/service/count.ts";
import type { ServiceFacts } from "../../../facts/service/service.ts";
import type { Probe } from "../../../model/hop.ts";
import type { Path } from "../../../model/path.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { droppedPackets, type Stopped, stoppedBy } from "../../own-drops.ts";
import { serviceSeverity } from "../../service-severity.ts";
import { say } from "../../words.ts";

const REASON = "NETFILTER_DROP";

export const linuxFirewallInDistro = cause({
  id: "linux-firewall-in-distro",
  area: "stack",
  title: "A firewall rule of this Linux drops the connection's packets",
  segment: "linux-stack",
  severity: "fault",
  // The rule knows it from the packets.
  direction: null,
  // A rule of the routes that goes by the port holds SYNs back, too.
  dependsOn: ["route-blocks"],
  differentialCauses: ["port-filtered", "port-refused", "rp-filter-drop"],
  needs: [],
  judge: (facts) => {
    if (facts.service !== null) return atService(facts.path, facts.service);
    const found = stoppedBy(facts, REASON);
    if (found.kind === "stopped") return bySeenDrops(found);
    if (found.kind === "rejected") return found;
    return byRefusal(facts) ?? byCheck(facts) ?? byCounters(facts) ?? found;
  },
});

/** Windows' connection requests came in, and were dropped before anybody listened to them. */
function atService(path: Path, service: ServiceFacts) {
  const held = service.bound === "open" || service.service.own ? heldHere(path) : [];
  if (held.length > 0) {
    return fires({
      confidence: "measured",
      ...FOUND,
      direction: "inbound",
      summary: say("serviceHeld", { port: service.port }),
      evidence: [service.service.id, ...held],
    });
  }
  const counted = serviceCount(path);
  if (counted === null) return rejected(say("serviceComes"), service.here);
  if (counted.verdict === "unclear") return notChecked(say("serviceUnclear"));
  if (counted.verdict === "not-here") return rejected(say("serviceAbsent"), [counted.id]);
  const { address, dropped } = counted;
  const tried = service.ways.filter((way) => way.address === address);
  return fires({
    confidence: "measured",
    severity: serviceSeverity(service),
    ...FOUND,
    direction: "inbound",
    summary: say("serviceDropped", { address, port: service.port, dropped }),
    evidence: [counted.id, ...tried.flatMap(({ evidence }) => evidence)],
  });
}

/** Connections of the distro to its own port that got no answer: nothing but a filter stands between. */
function heldHere({ serviceAttempts }: Path): readonly string[] {
  return serviceAttempts.flatMap(({ id, outcome }) => (outcome === "no-reply" ? id : []));
}

function bySeenDrops(stopped: Stopped) {
  const { drops } = stopped;
  const guessed = drops.every((drop) => drop.inferred);
  return fires({
    confidence: guessed ? "inferred" : "exact",
    ...FOUND,
    direction: directionOf(drops),
    summary: say("dropsSeen", { dropped: droppedPackets(stopped) }),
    evidence: drops.map(({ id }) => id),
  });
}

/** Without privilege: sending fails with EPERM where an output rule drops. */
function byRefusal({ path, attempt }: Facts) {
  const connect = stageOf(attempt, "connect");
  if (attempt === undefined || connect === undefined || connect.result.kind === "ok") return null;
  const denied = connect.result.kind === "failed" && connect.result.code === "EPERM";
  const probes = targetProbes(path).filter(({ protocol }) => protocol === "udp");
  const refused = probes.filter(isRefused);
  const allRefused = refused.length > 0 && refused.length === probes.length;
  if (!denied && !(allRefused && connect.result.kind === "no-reply")) return null;
  return fires({
    confidence: "inferred",
    ...FOUND,
    direction: "outbound",
    summary: say("refused", { address: attempt.address }),
    evidence: [connect.id, ...refused.map(({ id }) => id)],
  });
}

/** Without privilege: as many SYNs were held back, or answers dropped, as were sent, each time. */
function byCheck({ path, reach, guest, attempt }: Facts) {
  const check = counterCheck(path);
  if (check === null || attempt === undefined) return null;
  const { verdict, connects, refused } = check;
  if (verdict !== "held-back" && verdict !== "dropped-inbound") return null;
  // Where no neighbour answers, nothing leaves either.
  const answered = reach.routers.length > 0 || reach.alive !== null || guest.near.state === "yes";
  if (verdict === "held-back" && !answered && !refused) return null;
  const outbound = verdict === "held-back";
  return fires({
    confidence: "measured",
    ...FOUND,
    direction: outbound ? "outbound" : "inbound",
    summary: say("counted", { outbound, refused, connects, port: attempt.port }),
    evidence: [check.id, ...(reach.connectId === null ? [] : [reach.connectId])],
  });
}

/** Fewer are what any other program may have lost meanwhile. */
const SYNS = 4;

/**
 * Without privilege, for a rule about TCP alone: no router ever saw a SYN, and as many packets as
 * SYNs were made and did not leave. Twice as many include other programs' packets, and then it is a guess.
 */
function byCounters({ path, attempt, reach }: Facts) {
  if (attempt === undefined || reach.connect !== "silent") return null;
  const { address, family, port } = attempt;
  const toPort = targetSyns(path);
  if (toPort.length === 0 || toPort.some(({ outcome }) => outcome.kind !== "no-reply")) return null;
  const flows = path.flowProbes.filter(
    (probe) => probe.address === address && probe.protocol === "tcp",
  );
  const attempts = path.attempts.filter((one) => one.address === address);
  if (attempts.some((one) => attemptState(one, "connect") === "passed")) return null;
  const repeats = attempts.reduce((sum, one) => sum + (lastInfo(one)?.segsOut ?? 1), 0);
  const syns = toPort.length + flows.length + repeats;
  const held = heldBack(path, family);
  if (held === null || syns < SYNS || held < syns || held >= 2 * syns) return null;
  const { counters } = path.kernel;
  return fires({
    confidence: "inferred",
    ...FOUND,
    direction: "outbound",
    summary: say("heldBack", { held, syns, port }),
    evidence: [
      ...(counters === null ? [] : [counters.id]),
      ...(reach.connectId === null ? [] : [reach.connectId]),
      ...toPort.map(({ id }) => id),
    ],
  });
}

function isRefused({ outcome }: Probe): boolean {
  return outcome.kind === "send-failed" && outcome.error === "EPERM";
}

const FOUND = {
  segment: "linux-stack",
  between: null,
  fixes: [
    {
      where: "linux",
      title: say("findRule"),
      commands: ["sudo nft list ruleset"],
      persistent: false,
    },
  ],
} as const;
