// The SYN is answered by a reset or a port unreachable: of the target, or of a host before it.

import type { Facts } from "../../../facts/facts.ts";
import { attemptDrops } from "../../../facts/kernel/own-packets.ts";
import { targetSyns } from "../../../facts/reach/probes.ts";
import type { ServiceFacts } from "../../../facts/service/service.ts";
import { isUserModeNat } from "../../../facts/vantage.ts";
import type { Path } from "../../../model/path.ts";
import type { Seen } from "../../../model/seen.ts";
import type { DatagramAttempt } from "../../../schema/events/datagram.ts";
import { cause } from "../../cause.ts";
import type { Grade } from "../../confidence.ts";
import { fix } from "../../fixes.ts";
import { afterHop, type Location, senderLocation } from "../../locations.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { DEAD_PROXY, OWN_STACK, WRONG_ADDRESS, WRONG_ROUTE } from "../groups.ts";

export const portRefused = cause({
  id: "port-refused",
  area: "reach",
  title: "A connection to the port is refused: by a reset or by port unreachable",
  // The target, unless the answer shows that it is a host before it.
  segment: null,
  severity: "fault",
  direction: null,
  dependsOn: [...DEAD_PROXY, ...WRONG_ADDRESS, ...OWN_STACK, ...WRONG_ROUTE],
  differentialCauses: ["port-filtered", "admin-prohibited"],
  needs: [],
  judge: (facts) => {
    const { path, reach, service } = facts;
    if (service !== null) return ofService(service);
    if (path.datagram !== null) return ofDatagram(facts, path.datagram);
    const tried = meet(facts, "attempt");
    if (tried.kind !== "met") return tried;
    const connected = meet(facts, "connect");
    if (connected.kind !== "met") return connected;
    const [attempt, connect] = [tried.value, connected.value];
    const refused = connect.result.kind === "failed" && connect.result.code === "ECONNREFUSED";
    if (!refused) return rejected(say("noReset"), [connect.id]);
    const { location, by, confidence, evidence } = refuser(facts);
    return fires({
      confidence,
      ...location,
      direction: null,
      summary: say("found", { by, port: attempt.port, address: reach.address }),
      evidence: [connect.id, ...evidence, ...noSocket(path, attempt.attempt)],
      fixes: [],
    });
  },
});

/** Nobody in the distro serves the port. */
function ofService({ bound, service, port, ways }: ServiceFacts) {
  if (bound === "unknown") return notChecked(say("serviceUnread"));
  if (bound !== "nothing") return rejected(say("served"), [service.id]);
  if (service.ownError !== null) return rejected(say("notFree"), [service.id]);
  const reached = ways.filter(({ state }) => state === "reached");
  const tried = ways.filter(({ state }) => state !== "unknown");
  return fires({
    confidence: "exact",
    segment: "linux-stack",
    between: null,
    direction: null,
    summary: say("foundNobody", {
      port,
      others: service.otherPorts,
      way: tried.length === 0 ? null : reached.length > 0,
    }),
    evidence: [service.id, ...tried.flatMap(({ evidence }) => evidence)],
    fixes: [
      fix({
        where: "linux",
        title: say("seeListeners", { port }),
        commands: ["sudo ss -ltnp"],
        persistent: false,
      }),
    ],
  });
}

/** Port unreachable comes from whoever has the address and no such port. */
function ofDatagram({ reach }: Facts, { id, address, port }: Seen<DatagramAttempt>) {
  if (reach.connect !== "refused") return rejected(say("noReset"), [id]);
  return fires({
    confidence: "exact",
    ...AT_TARGET,
    direction: null,
    summary: say("foundDatagram", { address, port }),
    evidence: [id],
    fixes: [],
  });
}

/** Whose answer it is, as far as it shows. */
export type RefusedBy =
  | { readonly kind: "icmp"; readonly from: string }
  | {
      readonly kind: "near";
      readonly ttl: number;
      /** How far the target is, where that is known to be farther. */
      readonly distance: number | null;
      /** A router that is on the path no nearer than the reset. */
      readonly router: { readonly from: string; readonly ttl: number } | null;
    }
  | { readonly kind: "target" };

interface Refuser {
  readonly location: Location;
  readonly by: RefusedBy;
  readonly confidence: Grade;
  readonly evidence: readonly string[];
}

const AT_TARGET: Location = { segment: "destination", between: null };

function refuser(facts: Facts): Refuser {
  const reported = facts.reach.refusals.find(
    ({ protocol, says }) => protocol === "tcp" && says === "port",
  );
  if (reported !== undefined) {
    return {
      location: senderLocation(facts, reported),
      by: { kind: "icmp", from: reported.from },
      confidence: "exact",
      evidence: [reported.id],
    };
  }
  const forged = isUserModeNat(facts.path) ? null : nearReset(facts);
  if (forged !== null) {
    const { ttl, distance, router, evidence } = forged;
    return {
      location: afterHop(facts, ttl - 1),
      by: { kind: "near", ttl, distance, router },
      confidence: "measured",
      evidence,
    };
  }
  return {
    location: AT_TARGET,
    by: { kind: "target" },
    confidence: isUserModeNat(facts.path) ? "candidate" : "exact",
    evidence: [],
  };
}

/** Resets to SYNs whose TTL does not reach the target, and to every one of them. */
function nearReset({ path, reach }: Facts) {
  const syns = targetSyns(path).filter(({ purpose }) => purpose === "hop");
  const resets = syns.filter(({ outcome }) => outcome.kind === "reply" && outcome.with === "reset");
  const ttl = Math.min(...resets.map((probe) => probe.ttl));
  const farther = reach.routers.find((router) => router.protocol !== "tcp" && router.ttl >= ttl);
  const beyond = reach.distance !== null && reach.distance > ttl;
  if (!Number.isFinite(ttl) || (farther === undefined && !beyond)) return null;
  // A SYN that took a longer path and expired there shows that the first one took a shorter path.
  const here = syns.filter((probe) => probe.ttl === ttl);
  const always = here.every(
    ({ outcome }) => outcome.kind === "reply" || outcome.kind === "no-reply",
  );
  if (!always || resets.filter((probe) => probe.ttl === ttl).length < RESETS) return null;
  const evidence = [...here.map(({ id }) => id), ...(farther === undefined ? [] : [farther.id])];
  return {
    ttl,
    distance: beyond ? reach.distance : null,
    router: farther === undefined ? null : { from: farther.from, ttl: farther.ttl },
    evidence,
  };
}

const RESETS = 2;
/** The target is this machine, and its kernel found no listener. */
function noSocket(path: Path, attempt: string): readonly string[] {
  return attemptDrops(path, attempt)
    .filter(({ reason }) => reason === "NO_SOCKET")
    .map(({ id }) => id);
}
