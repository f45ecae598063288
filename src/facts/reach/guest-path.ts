// How far this side's own packets get: its gateway, and anything behind it.

import { addressOf } from "../../host/address.ts";
import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { DnsReply } from "../../schema/events/dns-replies.ts";
import type { ProbeOutcome, ProbeSent } from "../../schema/events/probe.ts";
import { stageOf } from "../connection/attempt.ts";
import { defaultAttempt, tracedLookup } from "../connection/subject.ts";
import { perPath } from "../per-path.ts";
import { NOT_TRIED } from "../reasons.ts";
import { isOnLink } from "./guest-route.ts";
import {
  freshObservation,
  hostAddresses,
  type Observation,
  unknownObservation,
} from "./host-probes.ts";

export interface GuestPath {
  /** The next hop to the target; null on the link itself or without a route. */
  readonly gateway: string | null;
  /** Whether the gateway answers anything. */
  readonly near: Observation;
  /** What is sent to the target itself gets as far as the gateway, which answers it. */
  readonly leaves: boolean;
  /** Probes that this machine's own firewall refused to send (net/netfilter: a drop of outbound packets is EPERM). */
  readonly forbidden: readonly string[];
  /** Whether anybody behind it answers what is sent to the target, the target included. */
  readonly beyond: Observation;
  /** Whether anybody else behind it answers: a name server, a VPN's outer endpoint. */
  readonly elsewhere: Observation;
  /** Answers of the gateway, whichever of its addresses they bear, that the next hop cannot be reached. */
  readonly refusedByGateway: readonly string[];
}

export const guestPath = perPath("guestPath", computeGuestPath);

function computeGuestPath(path: Path): GuestPath {
  const lookup = tracedLookup(path);
  const gateway = lookup?.outcome.kind === "route" ? lookup.outcome.gateway : null;
  const own = hostAddresses(path);
  const isGateway = (address: string) => address === gateway || own.has(address);
  const isFar = ({ from }: Replies) => !isGateway(from) && !isOwn(path, from);
  const toTarget = [...path.probes, ...path.flowProbes].flatMap(replied);
  const controls = path.controls
    .filter(({ about }) => about === "gateway" || about === "vpn-endpoint")
    .flatMap(replied);
  const proxied = path.dns.filter(
    ({ server, outcome }) => server === gateway && outcome.kind === "answer",
  );
  const near = [...toTarget, ...controls].filter(({ from }) => isGateway(from));
  const beyond = [...toTarget.filter(isFar), ...connections(path)];
  const elsewhere = [...controls.filter(isFar), ...namesFromFar(path)];
  return {
    gateway,
    near: observeGateway(gateway, [...near, ...proxied]),
    leaves: toTarget.some(({ from }) => isGateway(from)),
    forbidden: path.probes.flatMap(({ id, outcome }) =>
      outcome.kind === "send-failed" && outcome.error === "EPERM" ? [id] : [],
    ),
    beyond:
      beyond.length > 0
        ? freshObservation("yes", "something behind the gateway answers", beyond)
        : observeSilence(path),
    elsewhere:
      elsewhere.length > 0
        ? freshObservation("yes", "something else behind the gateway answers", elsewhere)
        : unknownObservation("nothing else behind the gateway gave an answer"),
    refusedByGateway: path.probes.flatMap(({ id, outcome }) =>
      outcome.kind === "unreachable" && isGateway(outcome.from) && isHostUnreachable(outcome)
        ? [id]
        : [],
    ),
  };
}

interface Replies {
  readonly id: string;
  readonly from: string;
}

function replied({ id, outcome, address }: Seen<Pick<ProbeSent, "outcome" | "address">>) {
  if (!("from" in outcome) || outcome.from === "") return [];
  // A NAT may put the target's address in the place of its own router's (microsoft/WSL#7036).
  const hidden = outcome.kind === "time-exceeded" && outcome.from === address;
  return hidden ? [] : [{ id, from: outcome.from }];
}

function observeGateway(
  gateway: string | null,
  near: readonly { readonly id: string }[],
): Observation {
  if (gateway === null) return unknownObservation("there is no gateway");
  if (near.length === 0) return unknownObservation(`the gateway ${gateway} itself gave no answer`);
  return freshObservation("yes", `the gateway ${gateway} answers`, near.slice(0, SHOWN));
}

const SHOWN = 3;

function observeSilence(path: Path): Observation {
  const attempt = defaultAttempt(path);
  const connect = stageOf(attempt, "connect");
  if (connect === undefined) return unknownObservation(NOT_TRIED);
  return freshObservation("no", "nothing behind the gateway answers", [connect]);
}

function connections(path: Path): readonly { readonly id: string }[] {
  return path.attempts.flatMap(({ stages }) =>
    stages.filter(
      ({ stage, result }) =>
        stage === "connect" &&
        (result.kind === "ok" || (result.kind === "failed" && result.code === "ECONNREFUSED")),
    ),
  );
}

/** ICMP 3/1 and ICMPv6 1/3: a neighbour did not answer (RFC 792, RFC 4443 s.3.1). */
function isHostUnreachable(outcome: Extract<ProbeOutcome, { kind: "unreachable" }>): boolean {
  const six = outcome.from.includes(":");
  return six ? outcome.type === 1 && outcome.code === 3 : outcome.type === 3 && outcome.code === 1;
}

/** Replies of name servers on no link of this machine's own: their path leads over a gateway. */
export const namesFromFar = perPath("namesFromFar", computeNamesFromFar);

function computeNamesFromFar(path: Path): readonly Seen<DnsReply>[] {
  return path.dns.filter(
    ({ server, outcome, transport }) =>
      outcome.kind === "answer" &&
      transport !== "file" &&
      addressOf(server) !== null &&
      !isOwn(path, server) &&
      !isOnLink(path, server),
  );
}

function isOwn({ interfaces, lookups }: Path, address: string): boolean {
  const links = interfaces?.interfaces ?? [];
  const sources = lookups.some(
    ({ outcome }) => outcome.kind === "route" && outcome.source === address,
  );
  return sources || links.some((link) => link.addresses.some((own) => own.address === address));
}
