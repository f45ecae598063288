// The SYN is never answered, while the same host answers otherwise.

import { isEcnCandidate } from "../../../facts/connection/ecn.ts";
import type { Facts } from "../../../facts/facts.ts";
import { counterCheck } from "../../../facts/kernel/counter-check.ts";
import { tcpFlows } from "../../../facts/loss/tcp-flows.ts";
import { portReachedByHost } from "../../../facts/reach/both-vantages.ts";
import { datagramStop, mayBeOpen } from "../../../facts/reach/datagram.ts";
import { targetSyns } from "../../../facts/reach/probes.ts";
import type { ReachFacts } from "../../../facts/reach/reach.ts";
import { serviceCount } from "../../../facts/service/count.ts";
import type { ServiceFacts } from "../../../facts/service/service.ts";
import { isUserModeNat } from "../../../facts/vantage.ts";
import type { Seen } from "../../../model/seen.ts";
import type { DatagramAttempt } from "../../../schema/events/datagram.ts";
import { cause } from "../../cause.ts";
import { isBehindHost } from "../../chain/kinds.ts";
import { afterHop, between, type Location } from "../../locations.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { serviceSeverity } from "../../service-severity.ts";
import { switchOff } from "../../tcp-options.ts";
import { say } from "../../words.ts";
import { DEAD_PROXY, OWN_STACK, WINDOWS_FILTERS, WRONG_ADDRESS, WRONG_ROUTE } from "../groups.ts";

export const portFiltered = cause({
  id: "port-filtered",
  area: "reach",
  title: "The port is silent while the host or its other ports answer",
  segment: null,
  severity: "fault",
  direction: null,
  dependsOn: [
    ...DEAD_PROXY,
    "ecn-lost",
    "ecmp-branch-broken",
    "new-connections-lost",
    "no-default-route",
    "gateway-unreachable",
    ...WRONG_ADDRESS,
    ...OWN_STACK,
    ...WRONG_ROUTE,
    ...WINDOWS_FILTERS,
    "mirrored-tcp-dead-icmp-alive",
  ],
  differentialCauses: [
    "port-refused",
    "gateway-unreachable",
    "no-default-route",
    "destination-down",
  ],
  needs: [],
  judge: (facts) => {
    const { reach, path, service } = facts;
    if (service !== null) return ofService(facts, service);
    if (path.datagram !== null) return ofDatagram(facts, path.datagram);
    const tried = meet(facts, "attempt");
    if (tried.kind !== "met") return tried;
    const connected = meet(facts, "connect");
    if (connected.kind !== "met") return connected;
    const [attempt, connect] = [tried.value, connected.value];
    const { result } = connect;
    if (result.kind !== "no-reply") {
      const isUnanswered = result.kind === "failed" && !ANSWERS.has(result.code);
      return rejected(say("answered", { code: isUnanswered ? result.code : null }), [connect.id]);
    }
    const { passing } = tcpFlows(path);
    if (passing.length > 0) {
      const evidence = passing.flatMap((flow) => flow.evidence);
      return rejected(say("othersAnswered"), evidence);
    }
    const { alive } = reach;
    // The port's own answer to a SYN: then it is loss that silenced the others, or a limit of some kind.
    const other = targetSyns(path).find(
      ({ outcome, device }) => outcome.kind === "reply" && device === undefined,
    );
    if (other !== undefined) {
      return rejected(say("anotherAnswered"), [other.id]);
    }
    if (alive === null) return notChecked(say("nothingAnswers"));
    // What this machine drops of other packets may as well be the answers of this port.
    if (counterCheck(path)?.verdict === "unclear") return notChecked(say("mayBeDroppedHere"));
    const stop = stopOf(facts);
    const ecn = isEcnCandidate(path);
    return fires({
      confidence: "measured",
      ...stop.location,
      direction: stop.direction,
      summary: say("found", {
        address: attempt.address,
        alive: { protocol: alive.protocol, port: alive.port ?? null },
        port: attempt.port,
        stop: stop.at,
        past: stop.past,
        ecn,
      }),
      evidence: [connect.id, alive.id, ...stop.evidence],
      fixes: ecn ? [{ ...switchOff("ecn"), title: say("withoutEcn") }] : [],
    });
  },
});

/** Windows' own packets to a service that listens never arrive in the distro. */
function ofService({ path }: Facts, service: ServiceFacts) {
  const counted = serviceCount(path);
  if (counted === null) return rejected(say("serviceComes"), service.here);
  if (counted.verdict === "unclear") return notChecked(say("serviceUnclear"));
  if (counted.verdict === "dropped-here") return rejected(say("serviceArrives"), [counted.id]);
  const { address } = counted;
  const tried = service.ways.filter((way) => way.address === address);
  const isDenied = tried.some(({ state }) => state === "denied");
  return fires({
    confidence: isDenied ? "measured" : "inferred",
    severity: serviceSeverity(service),
    ...(isDenied
      ? { segment: "windows-stack" as const, between: null }
      : between("windows-stack", "vswitch")),
    direction: "inbound",
    summary: say("foundService", { address, port: service.port, isDenied }),
    evidence: [counted.id, ...tried.flatMap(({ evidence }) => evidence)],
    fixes: [],
  });
}

/** What a reset, or an ICMP error about the port, becomes; other failures come without an answer of the port, as after unanswered ARP. */
const ANSWERS: ReadonlySet<string> = new Set(["ECONNREFUSED", "ECONNRESET"]);

/** Silence of a port that has nothing to say to what was sent is none of a filter, unless routers show where it begins. */
function ofDatagram(facts: Facts, datagram: Seen<DatagramAttempt>) {
  const { id, address, port, request, outcome } = datagram;
  if (outcome.kind !== "no-reply") return rejected(say("datagramAnswered"), [id]);
  const { alive } = facts.reach;
  if (alive === null) return notChecked(say("nothingAnswers"));
  const stop = datagramStop(datagram);
  if (stop === null && mayBeOpen(datagram)) return notChecked(say("mayBeOpen"));
  return fires({
    confidence: stop === null ? "inferred" : "measured",
    ...(stop === null ? NOWHERE.location : afterHop(facts, stop.afterTtl)),
    direction: stop === null ? null : "outbound",
    summary: say("foundDatagram", {
      address,
      alive: { protocol: alive.protocol, port: alive.port ?? null },
      port,
      request,
      stop,
    }),
    evidence: [id, alive.id],
    fixes: [],
  });
}

interface Stop {
  readonly location: Location;
  /** The last router that a SYN reaches, TTL 0 for none; null where nothing shows it. */
  readonly at: { readonly ttl: number; readonly from: string | null } | null;
  /** Outbound where a router before the target saw no SYN. */
  readonly direction: "outbound" | "inbound" | null;
  /** Every router up to the target saw the SYN: then it is the target, or its answer is lost on the way back. */
  readonly past: { readonly host: boolean } | null;
  readonly evidence: readonly string[];
}

const NOWHERE: Stop = {
  location: { segment: null, between: null },
  at: null,
  direction: null,
  past: null,
  evidence: [],
};

/** Time exceeded shows how far a SYN gets; the filter is after the last router that sends it. */
function stopOf(facts: Facts): Stop {
  const { path, reach } = facts;
  const hops = targetSyns(path).filter(({ purpose }) => purpose === "hop");
  const asked = hops.map(({ ttl }) => ttl);
  if (asked.length === 0 || isUserModeNat(facts.path)) return NOWHERE;
  const passed = reach.routers.filter(isOwnSyn);
  const last = passed.at(-1);
  const others = reach.routers.filter((router) => !isOwnSyn(router));
  if (last === undefined) {
    // Where no router answers any probe, a silent TTL 1 shows nothing about the filter.
    if (!others.some(({ ttl }) => ttl === 1) || !asked.includes(1)) return NOWHERE;
    return {
      location: afterHop(facts, 0),
      at: { ttl: 0, from: null },
      direction: "outbound",
      past: null,
      evidence: [],
    };
  }
  const next = last.ttl + 1;
  if (!asked.includes(next)) return NOWHERE;
  // A hop that is silent to everything may be passed by the SYN unseen.
  const at = { ttl: last.ttl, from: last.from };
  if (reach.distance !== null && next >= reach.distance) return atTarget(facts, at, last.id);
  const seen = others.some(({ ttl }) => ttl === next);
  if (!seen) return { ...NOWHERE, at, evidence: [last.id] };
  return {
    location: afterHop(facts, last.ttl),
    at,
    direction: "outbound",
    past: null,
    evidence: [last.id],
  };
}

/**
 * A SYN that every router forwarded says nothing of its answer's way back, which this machine or Windows may be
 * the end of: only that Windows gets the answer leaves those two.
 */
function atTarget(facts: Facts, at: Stop["at"], id: string): Stop {
  const host = portReachedByHost(facts.path);
  // Windows asks for no ECN: what drops requests that do may be anywhere.
  if (host === null || isEcnCandidate(facts.path))
    return { ...NOWHERE, at, past: { host: false }, evidence: [id] };
  return {
    location: between("linux-stack", isBehindHost(facts) ? "nat" : "windows-stack"),
    at,
    direction: "inbound",
    past: { host: true },
    evidence: [id, ...host.evidence],
  };
}

function isOwnSyn({ protocol, port }: ReachFacts["routers"][number]): boolean {
  return protocol === "tcp" && port === undefined;
}
