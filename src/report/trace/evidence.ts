// What a finding rests on, in words: its events, taken together by what was sent or read.

import { attemptState } from "../../facts/connection/attempt.ts";
import type { Path } from "../../model/path.ts";
import type { ProbeEvent } from "../../schema/event.ts";
import type { DnsOutcome } from "../../schema/events/dns-replies.ts";
import type {
  ConnectionGroup,
  CountGroup,
  Group,
  ProbeGroup,
  QueryGroup,
  ReadGroup,
  ReadThing,
  Say,
  TracePhrases,
} from "./phrases.ts";

import { detailOf, drop, hostProbe, type One, request, transfer } from "./single-events.ts";

export interface Told {
  readonly tried: Say;
  readonly cameBack: Say;
}

/** @param ids of a finding's evidence; those that the run does not hold are left out */
export function toldBy(
  path: Path,
  events: readonly ProbeEvent[],
  ids: readonly string[],
): Told | null {
  const wanted = new Set(ids);
  const own = events.filter(({ id }) => wanted.has(id));
  const groups = [
    queries(own),
    connections(path, own),
    probes(own),
    counted("hostProbes", own.flatMap(hostProbe)),
    counted("requests", own.flatMap(request)),
    counted("transfers", own.flatMap(transfer)),
    counted("drops", own.flatMap(drop)),
    things(own),
  ].flatMap((group) => group ?? []);
  if (own.length === 0) return null;
  if (groups.length === 0) return told({ things: ["other"], details: [] }, (say) => say.read);
  return {
    tried: (say) => groups.map(({ tried }) => tried(say)).join(say.semicolon),
    cameBack: (say) =>
      filled(groups.map(({ cameBack }) => cameBack(say))).join(say.semicolon) || say.seeProof,
  };
}

function queries(events: readonly ProbeEvent[]): Told | null {
  const asked = events.flatMap(query);
  if (asked.length === 0) return null;
  const count = (state: QueryState) => asked.filter((one) => one.state === state).length;
  const group: QueryGroup = {
    names: unique(asked.map(({ name }) => name)),
    servers: unique(asked.map(({ server }) => server)),
    count: asked.length,
    answered: count("answered"),
    silent: count("silent"),
    refused: count("refused"),
    failed: count("failed"),
  };
  return told(group, (say) => say.queries);
}

type QueryState = "answered" | "silent" | "refused" | "failed";

interface Query {
  readonly name: string;
  readonly server: string;
  readonly state: QueryState;
}

function query(event: ProbeEvent): readonly Query[] {
  switch (event.kind) {
    case "dns-reply":
    case "dns-check":
      return [{ ...event, state: stateOf(event.outcome) }];
    case "dns-race":
      return [{ ...event, state: "answered" }];
    case "wildcard-check":
      return [{ ...event, state: event.error === null ? "answered" : "failed" }];
    default:
      return [];
  }
}

function stateOf(outcome: DnsOutcome): QueryState {
  if (outcome.kind === "no-reply") return "silent";
  if (outcome.kind === "refused") return "refused";
  if (outcome.kind !== "answer") return "failed";
  if (outcome.rcode === "REFUSED") return "refused";
  return outcome.rcode === "NOERROR" || outcome.rcode === "NXDOMAIN" ? "answered" : "failed";
}

/** The attempts that any of the events belongs to. */
function connections(path: Path, events: readonly ProbeEvent[]): Told | null {
  const names = new Set(
    events.flatMap((event) =>
      "attempt" in event && event.kind !== "kernel-flow" ? event.attempt : [],
    ),
  );
  const own = path.attempts.filter(({ attempt }) => names.has(attempt));
  if (own.length === 0) return null;
  const states = own.map((one) => ({
    one,
    state: attemptState(one, one.stages.at(-1)?.stage ?? "connect"),
  }));
  const sizes = own.flatMap(({ mss }) => mss ?? []);
  const group: ConnectionGroup = {
    count: own.length,
    finished: states.filter(({ state }) => state === "passed").length,
    silent: states.filter(({ state }) => state === "stalled" || state === "pending").length,
    failed: states.filter(({ state }) => state === "failed").length,
    failures: unique(
      states.flatMap(({ one, state }) =>
        state === "failed" ? [failureOf(one.stages.at(-1))] : [],
      ),
    ),
    mss: sizes.length === 0 ? null : [Math.min(...sizes), Math.max(...sizes)],
  };
  return told(group, (say) => say.connections);
}

function failureOf(last: Path["attempts"][number]["stages"][number] | undefined): string {
  const result = last?.result;
  if (result?.kind === "failed") return `${last?.stage}: ${result.detail} (${result.code})`;
  return result?.kind === "other-protocol"
    ? `${last?.stage}: ${result.detail}`
    : (last?.stage ?? "");
}

function probes(events: readonly ProbeEvent[]): Told | null {
  const sent = events.flatMap((event) =>
    event.kind === "probe" || event.kind === "control-probe" ? [event] : [],
  );
  if (sent.length === 0) return null;
  const of = (...kinds: readonly string[]) =>
    sent.filter(({ outcome }) => kinds.includes(outcome.kind));
  const errors = sent.flatMap(({ outcome }) => {
    if (outcome.kind === "unreachable") {
      return [`ICMP type ${outcome.type} code ${outcome.code} (${outcome.from})`];
    }
    if (outcome.kind === "too-big") return [`ICMP too big, MTU ${outcome.mtu} (${outcome.from})`];
    return outcome.kind === "send-failed" ? [outcome.error] : [];
  });
  const sizes = sent.map(({ sizeBytes }) => sizeBytes);
  const group: ProbeGroup = {
    count: sent.length,
    protocols: unique(sent.map(({ protocol }) => protocol.toUpperCase())),
    answered: of("reply", "time-exceeded", "unreachable", "too-big").length,
    silent: of("no-reply").length,
    errors: unique(errors),
    sizes: [Math.min(...sizes), Math.max(...sizes)],
  };
  return told(group, (say) => say.probes);
}

const READ: Partial<Record<ProbeEvent["kind"], ReadThing>> = {
  "host-snapshot": "snapshot",
  routes: "routes",
  "multipath-routes": "routes",
  "policy-rules": "rules",
  "route-lookup": "route",
  "resolver-config": "resolver-file",
  "resolver-upstream": "resolver-file",
  vantage: "vantage",
  interfaces: "interfaces",
  neighbour: "neighbour",
  conntrack: "conntrack",
  "local-listener": "listener",
  "inbound-service": "listener",
  "inbound-attempt": "listener",
  "inbound-arrival": "listener",
  "inbound-count": "counters",
  "proxy-config": "proxy-settings",
  "program-proxy": "proxy-settings",
  "counter-check": "counters",
  "kernel-counters": "counters",
};

function things(events: readonly ProbeEvent[]): Told | null {
  const own = events.flatMap((event) => {
    const thing = READ[event.kind];
    return thing === undefined ? [] : [{ thing, detail: detailOf(event) }];
  });
  if (own.length === 0) return null;
  const group: ReadGroup = {
    things: unique(own.map(({ thing }) => thing)),
    details: unique(own.flatMap(({ detail }) => detail ?? [])).slice(0, SHOWN),
  };
  return told(group, (say) => say.read);
}

/** Beyond so many equal ones say no more. */
const SHOWN = 4;

function counted(
  key: "hostProbes" | "requests" | "transfers" | "drops",
  all: readonly One[],
): Told | null {
  if (all.length === 0) return null;
  const group: CountGroup = {
    count: all.length,
    good: all.filter(({ good }) => good).length,
    details: unique(all.map(({ detail }) => detail)).slice(0, SHOWN),
  };
  return told(group, (say) => say[key]);
}

/** The sentences of a language for a group, with its values. */
function told<Values>(values: Values, of: (say: TracePhrases) => Group<Values>): Told {
  return {
    tried: (say) => of(say).tried(values),
    cameBack: (say) => of(say).came(values),
  };
}

function filled(texts: readonly string[]): readonly string[] {
  return texts.filter((text) => text !== "");
}

function unique<T>(all: readonly T[]): readonly T[] {
  return [...new Set(all)];
}
