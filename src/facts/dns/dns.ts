// What the resolvers replied, server by server, and what a program would have got from them (resolv.conf(5)).

import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { DnsOrigin, DnsReply } from "../../schema/events/dns-replies.ts";
import { perPath } from "../per-path.ts";
import { isRefusedHere } from "./refused-here.ts";

export type ServerStatus =
  /** Gave at least one address. */
  | "answers"
  /** Replied that the name does not exist, or has no address. */
  | "no-such-name"
  /** Replied that the answer is longer than a datagram, and gives none over TCP. */
  | "cut"
  | "silent"
  /** Port unreachable, reset, or rcode REFUSED. */
  | "refuses"
  /** Not reachable: no route, host unreachable. */
  | "unreachable"
  /** SERVFAIL, FORMERR or something that is no DNS. */
  | "fails";

export interface ServerFacts {
  readonly server: string;
  readonly origin: DnsOrigin;
  readonly status: ServerStatus;
  /** In a few words, for people. */
  readonly reported: string;
  readonly addresses: readonly string[];
  readonly rttMs: number | null;
  /** What all of this rests on. */
  readonly replies: readonly Seen<DnsReply>[];
  readonly evidence: readonly string[];
}

export interface DnsFacts {
  /** An address was given: no name had to be resolved. */
  readonly literal: boolean;
  /** In the order of resolv.conf; the hosts file first where it has the name. */
  readonly configured: readonly ServerFacts[];
  /** The servers that a local stub of resolv.conf queries. */
  readonly behindStub: readonly ServerFacts[];
  /** Servers that only the Windows host names. */
  readonly hostOnly: readonly ServerFacts[];
  /** The one whose answer a program takes; null when none gives one. */
  readonly decidedBy: ServerFacts | null;
  readonly outcome: "ok" | "no-such-name" | "failed" | "not-asked";
}

export const dnsFacts = perPath("dnsFacts", computeDnsFacts);

function computeDnsFacts(path: Path): DnsFacts {
  const literal = path.addresses?.basis === "literal";
  const name = decidingName(path);
  const overTcpAlone = path.resolverConfig?.options?.useVc === true;
  const asked = (origins: readonly DnsOrigin[]) => {
    const replies = path.dns.filter((reply) => origins.includes(reply.origin));
    const servers = [...new Set(replies.map((reply) => reply.server))];
    return servers.map((server) => {
      const own = replies.filter((reply) => reply.server === server);
      const about = own.filter((reply) => reply.name === name);
      return serverFacts(server, about.length === 0 ? own : about, overTcpAlone);
    });
  };
  const order = path.resolverConfig?.servers ?? [];
  const configured = asked(["hosts-file", "libc", "resolv.conf"]).sort(
    (a, b) => order.indexOf(a.server) - order.indexOf(b.server),
  );
  // The resolver goes on to the next server after silence or refusal, not after an answer.
  const answering = configured.filter(
    ({ status }) => status === "answers" || status === "no-such-name",
  );
  const decidedBy = (path.resolverConfig?.libc === "musl" ? quickest : first)(answering) ?? null;
  return {
    literal,
    configured,
    behindStub: asked(["upstream"]),
    hostOnly: asked(["nrpt", "adapter"]),
    decidedBy,
    outcome: literal ? "ok" : outcomeOf(path, decidedBy),
  };
}

function first(servers: readonly ServerFacts[]): ServerFacts | undefined {
  return servers[0];
}

/** musl asks all servers at once and takes the first answer, a denial too (src/network/res_msend.c). */
function quickest(servers: readonly ServerFacts[]): ServerFacts | undefined {
  return [...servers].sort((a, b) => (a.rttMs ?? 0) - (b.rttMs ?? 0))[0];
}

/**
 * A resolver queries the names of the search list in turn: the one that was answered counts, else the
 * name as it was typed, else the last one. Null when only one name was queried.
 */
function decidingName({ dns, run }: Path): string | null {
  const names = [...new Set(dns.map((reply) => reply.name))];
  if (names.length < 2) return null;
  const answered = dns.find(
    ({ outcome, origin }) =>
      origin !== "nrpt" &&
      origin !== "adapter" &&
      outcome.kind === "answer" &&
      outcome.addresses.length > 0,
  );
  const typed = run?.target.host.replace(/\.$/, "");
  return answered?.name ?? names.find((name) => name === typed) ?? names.at(-1) ?? null;
}

function outcomeOf(path: Path, decidedBy: ServerFacts | null): DnsFacts["outcome"] {
  if (decidedBy !== null) return decidedBy.status === "answers" ? "ok" : "no-such-name";
  return wasAsked(path) ? "failed" : "not-asked";
}

function wasAsked(path: Path): boolean {
  const config = path.resolverConfig;
  const nobody = config !== null && (config.problem !== null || config.servers.length === 0);
  return nobody || path.dns.some((reply) => reply.origin === "resolv.conf");
}

/** @param overTcpAlone `options use-vc`: what comes over UDP reaches no program */
function serverFacts(
  server: string,
  all: readonly Seen<DnsReply>[],
  overTcpAlone: boolean,
): ServerFacts {
  const replies = overTcpAlone ? all.filter(({ transport }) => transport !== "udp") : all;
  // A program queries again over TCP when the datagram is marked as truncated.
  const cut = replies.some(({ outcome }) => outcome.kind === "answer" && outcome.truncated);
  const left = replies.filter((reply) => !isRefusedHere(reply));
  const datagrams = (left.length === 0 ? replies : left).filter(
    (reply) => cut || overTcpAlone || left.length < replies.length || reply.transport !== "tcp",
  );
  if (cut && isTcpMissing(replies)) return cutShort(server, replies);
  const addresses = [
    ...new Set(
      datagrams.flatMap(({ outcome }) => (outcome.kind === "answer" ? outcome.addresses : [])),
    ),
  ];
  const best = [...datagrams].sort((a, b) => rank(b) - rank(a))[0];
  return {
    server,
    origin: replies[0]?.origin ?? "resolv.conf",
    status: addresses.length > 0 ? "answers" : statusWithout(datagrams, best),
    reported: best === undefined ? "was not asked" : formatReply(best, addresses),
    addresses,
    rttMs: best?.rttMs ?? null,
    replies,
    evidence: replies.map((reply) => reply.id),
  };
}

/** It was queried over TCP, and no answer came: half an answer is none to a resolver (RFC 7766 s.5). */
function isTcpMissing(replies: readonly DnsReply[]): boolean {
  const tcp = replies.filter(({ transport }) => transport === "tcp");
  return tcp.length > 0 && tcp.every(({ outcome }) => outcome.kind !== "answer");
}

function cutShort(server: string, replies: readonly Seen<DnsReply>[]): ServerFacts {
  const tcp = replies.findLast(({ transport }) => transport === "tcp");
  const beside = tcp === undefined ? "" : `, and over TCP ${formatReply(tcp, [])}`;
  return {
    server,
    origin: replies[0]?.origin ?? "resolv.conf",
    status: "cut",
    reported: `cuts its answer short over UDP${beside}`,
    addresses: [],
    rttMs: null,
    replies,
    evidence: replies.map((reply) => reply.id),
  };
}

/** No address: only a whole answer shows that there is none; half of one is silence. */
function statusWithout(datagrams: readonly DnsReply[], best: DnsReply | undefined): ServerStatus {
  if (best === undefined) return "silent";
  const status = statusOf(best);
  const denied = best.outcome.kind === "answer" && best.outcome.rcode === "NXDOMAIN";
  const half = datagrams.some((reply) => statusOf(reply) === "silent");
  return status === "no-such-name" && half && !denied ? "silent" : status;
}

const RANKS: readonly ServerStatus[] = [
  "silent",
  "unreachable",
  "fails",
  "refuses",
  "cut",
  "no-such-name",
  "answers",
];

function rank(reply: DnsReply): number {
  return RANKS.indexOf(statusOf(reply));
}

function statusOf({ outcome }: DnsReply): ServerStatus {
  switch (outcome.kind) {
    case "no-reply":
      return "silent";
    case "refused":
      return "refuses";
    case "unreachable":
      return "unreachable";
    case "malformed":
      return "fails";
    case "answer":
      if (outcome.addresses.length > 0) return "answers";
      if (outcome.rcode === "REFUSED") return "refuses";
      return outcome.rcode === "NXDOMAIN" || outcome.rcode === "NOERROR" ? "no-such-name" : "fails";
  }
}

/** Whether it shows that the server and the path to it work. */
export function replies({ status }: ServerFacts): boolean {
  return status !== "silent" && status !== "unreachable";
}

/** One reply in a few words. */
export function formatReply({ outcome }: DnsReply, addresses: readonly string[]): string {
  switch (outcome.kind) {
    case "no-reply":
      return `did not answer within ${Math.round(outcome.waitedMs)} ms`;
    case "refused":
      return "refused: nobody serves DNS there";
    case "unreachable":
      return `cannot be reached (${outcome.error})`;
    case "malformed":
      return `answered with something else (${outcome.why})`;
    case "answer":
      if (addresses.length > 0) return `answered ${addresses.join(", ")}`;
      return outcome.rcode === "NOERROR"
        ? "answered that the name has no address"
        : `answered ${outcome.rcode}`;
  }
}
