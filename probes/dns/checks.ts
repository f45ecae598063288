// Follow-up queries for ambiguous resolver results: larger answers, UDP and TCP in turn, and a query with two answers.

import { claimOf, contradict } from "../../src/facts/dns/dns-answers.ts";
import { isEdnsFailure } from "../../src/facts/dns/edns.ts";
import type { Path } from "../../src/model/path.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { DnsCheck } from "../../src/schema/events/dns.ts";
import type { DnsOrigin, DnsReply } from "../../src/schema/events/dns-replies.ts";
import { followUpsOf } from "./follow-ups.ts";
import type { Question } from "./message.ts";
import { type AnyQueryOptions, configuredOptions } from "./options.ts";
import { askTcp, type QueryResult } from "./query.ts";
import { askTogether, askUdp, type TimedAnswer, type UdpQueryOptions } from "./udp-query.ts";

/** A question whose socket went on listening. */
export interface LateAnswers {
  readonly server: string;
  readonly origin: DnsOrigin;
  readonly name: string;
  readonly type: "A" | "AAAA";
  readonly listened: Promise<readonly TimedAnswer[]>;
}

/** RFC 1035's limit, the size that fits everywhere (DNS flag day 2020), and a usual large one. */
const EDNS_SIZES = [512, 1232, 4096] as const;
const ROUNDS = 3;
/** Two more races: a packet that the network doubled once is no forger. */
const MORE_RACES = 2;
const LISTEN_MS = 300;

/** The run, and how queries are sent in it. */
export interface Checking {
  readonly context: ProbeContext;
  readonly options: AnyQueryOptions;
}

/** Queries further only where the first answers are ambiguous, or where the run is about names alone. */
export async function checkServers(
  checking: Checking,
  late: readonly LateAnswers[],
): Promise<void> {
  const replies = [...checking.context.path().dns].filter(({ transport }) => transport !== "file");
  const servers = [...new Set(replies.map(({ server }) => server))];
  await Promise.all([
    ...late.map((one) => followRace(checking, one)),
    ...servers.map((server) => {
      const own = replies.filter((reply) => reply.server === server);
      return checkServer(checking, own);
    }),
    ...followUps(checking, replies),
  ]);
}

function followUps(checking: Checking, replies: readonly DnsReply[]): readonly Promise<unknown>[] {
  return followUpsOf(checking.context.path(), replies).map(({ purpose, ...question }) =>
    check(checking, question, { purpose, transport: "udp", round: 1, ednsBytes: null }),
  );
}

/** The query for AAAA is the second from its port, as a C library sends it. */
async function besideTheOther(question: Question, options: UdpQueryOptions): Promise<QueryResult> {
  const types = ["A", "AAAA"] as const;
  const queries = askTogether(
    types.map((type) => ({ ...question, type })),
    options,
  );
  const results = await Promise.all(queries.map(({ result }) => result));
  const [a, aaaa] = results;
  const own = question.type === "A" ? a : aaaa;
  if (own === undefined) throw new Error("two questions make two queries");
  return { ...own, sent: results.reduce((total, { sent }) => total + sent, 0) };
}

async function checkServer(checking: Checking, replies: readonly DnsReply[]): Promise<void> {
  await askAgainOverTcp(checking, replies);
  await compareTransports(checking, replies);
  await compareEdns(checking, replies);
  await probeSizes(checking, replies);
}

async function followRace({ context, options }: Checking, late: LateAnswers): Promise<void> {
  const { server, origin, name, type } = late;
  const report = async (listened: Promise<readonly TimedAnswer[]>, sent: number) => {
    const answers = [...(await listened)];
    if (answers.length < 2 && sent === 0) return false;
    context.emit({ kind: "dns-race", server, origin, name, type, answers, sent });
    return true;
  };
  // The first query is counted where it was reported.
  if (!(await report(late.listened, 0))) return;
  for (let n = 0; n < MORE_RACES && !context.signal.aborted; n += 1) {
    const one = { ...options, once: true, listenMs: LISTEN_MS };
    await report(askUdp({ server, name, type }, one).listened, 1);
  }
}

/** The answer is cut short and TCP gave none: one lost packet must not pass for a filter. */
async function askAgainOverTcp(
  { context, options }: Checking,
  replies: readonly DnsReply[],
): Promise<void> {
  const cut = replies.find(isCut);
  const tcp = replies.find((reply) => reply.transport === "tcp" && reply.name === cut?.name);
  if (cut === undefined || tcp === undefined || context.signal.aborted) return;
  if (tcp.outcome.kind === "answer") return;
  const { server, origin, name, type } = tcp;
  const result = await askTcp({ server, name, type }, options);
  if (context.signal.aborted) return;
  context.emit({ kind: "dns-reply", server, origin, transport: "tcp", name, type, ...result });
}

function isCut({ transport, outcome }: DnsReply): boolean {
  return transport === "udp" && outcome.kind === "answer" && outcome.truncated;
}

/** UDP and TCP answer differently, as one server would not: in turns, does each transport stay with its own answer? */
async function compareTransports(checking: Checking, replies: readonly DnsReply[]): Promise<void> {
  const tcp = replies.find((reply) => reply.transport === "tcp" && claimOf(reply.outcome) !== null);
  const udp = replies.find(
    (reply) => reply.transport === "udp" && reply.name === tcp?.name && reply.type === tcp.type,
  );
  const claims = [udp, tcp].map((reply) => (reply === undefined ? null : claimOf(reply.outcome)));
  const [over, beside] = claims;
  if (tcp === undefined || over == null || beside == null || !contradict(over, beside)) return;
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const transport of ["tcp", "udp"] as const) {
      await check(checking, tcp, { purpose: "compare", transport, round, ednsBytes: null });
    }
  }
}

/** What a server may send over UDP today (DNS flag day 2020). */
const USUAL_BYTES = 1232;

/**
 * A query as a program sends it, and the other kind: is an OPT record what a server, or something in front of it, fails
 * on? One query where it is not; else the kinds in turn.
 */
async function compareEdns(checking: Checking, replies: readonly DnsReply[]): Promise<void> {
  const [first] = replies.filter(({ transport }) => transport === "udp");
  if (first?.origin !== "resolv.conf") return;
  const { ednsBytes = null } = configuredOptions(checking.context.path());
  const isOffered = ednsBytes !== null;
  if (isEdnsFailure(first.outcome) !== isOffered) return;
  const ask = async (bytes: number | null, round: number) => {
    const how = { purpose: "edns", transport: "udp", round, ednsBytes: bytes } as const;
    const outcome = await check(checking, first, how);
    return outcome !== null && !isEdnsFailure(outcome);
  };
  const other = isOffered ? null : USUAL_BYTES;
  // Offered and needless, or left out and just as dead: nothing is to be told apart.
  if ((await ask(other, 1)) !== isOffered) return;
  await ask(isOffered ? ednsBytes : null, 2);
  await ask(other, 3);
}

/**
 * 1. Every size over UDP at once, and the whole answer over TCP; 2. where a size stayed silent, a
 * question that was answered, that size again, and the answered one once more: only silence between
 * answers is about size.
 */
async function probeSizes(checking: Checking, replies: readonly DnsReply[]): Promise<void> {
  const path = checking.context.path();
  const [first] = replies;
  const thorough = path.run?.command === "dns";
  if (first === undefined || !(thorough ? isThere(replies) : isLostOverUdp(replies))) return;
  const name = nameOf(path, replies);
  const types = [...new Set(replies.map(({ type }) => type))];
  const asked: readonly DnsCheck["type"][] = thorough ? [...types, "TXT"] : types;
  const ask = (size: Size, round: number) =>
    check(checking, { ...first, name, type: size.type }, { purpose: "size", round, ...size });
  const tried = asked.flatMap((type) => sizesOf(type, hasTcp(replies)));
  const outcomes = await Promise.all(tried.map((size) => ask(size, 1)));
  const overUdp = tried.filter(({ transport }) => transport === "udp");
  const which = (kind: string) =>
    overUdp.filter((size) => outcomes[tried.indexOf(size)]?.kind === kind);
  const silent = which("no-reply");
  const [control] = which("answer").sort((a, b) => a.ednsBytes - b.ednsBytes);
  if (silent.length === 0 || control === undefined || !hasTcp(replies)) return;
  await ask(control, 2);
  await Promise.all(silent.map((size) => ask(size, 2)));
  await ask(control, 3);
}

interface Size {
  readonly type: DnsCheck["type"];
  readonly transport: "udp" | "tcp";
  readonly ednsBytes: number;
}

function sizesOf(type: DnsCheck["type"], tcp: boolean): readonly Size[] {
  const whole = { type, transport: "tcp" as const, ednsBytes: EDNS_SIZES[2] };
  const udp = EDNS_SIZES.map((ednsBytes) => ({ type, transport: "udp" as const, ednsBytes }));
  return tcp ? [whole, ...udp] : udp;
}

/** A server that was silent over TCP is not waited for again. */
function hasTcp(replies: readonly DnsReply[]): boolean {
  return replies.some(({ transport, outcome }) => transport === "tcp" && outcome.kind === "answer");
}

/** Whether a further query can show anything: a server without any answer gives no larger one. */
function isThere(replies: readonly DnsReply[]): boolean {
  return replies.some(({ outcome }) => outcome.kind === "answer");
}

/** TCP answers and UDP does not: the answer may be too large for the path. */
function isLostOverUdp(replies: readonly DnsReply[]): boolean {
  const isSilent = ({ transport, outcome }: DnsReply) =>
    transport === "udp" && outcome.kind === "no-reply";
  return hasTcp(replies) && replies.some(isSilent);
}

/** The name that was answered, else the first that was queried. */
function nameOf(path: Path, replies: readonly DnsReply[]): string {
  const answered = path.dns.find(
    ({ outcome }) => outcome.kind === "answer" && outcome.addresses.length > 0,
  );
  return answered?.name ?? replies[0]?.name ?? "";
}

/** Sends one query and reports it; returns its outcome, null where the run ends before. */
async function check(
  { context, options }: Checking,
  { server, name, type, origin }: Question & Pick<DnsCheck, "type" | "origin">,
  how: Pick<DnsCheck, "purpose" | "transport" | "round" | "ednsBytes">,
): Promise<DnsCheck["outcome"] | null> {
  if (context.signal.aborted) return null;
  const sized = { ...options, ednsBytes: how.ednsBytes };
  const question = { server, name, type };
  const result = await (how.purpose === "together"
    ? besideTheOther(question, sized)
    : how.transport === "udp"
      ? askUdp(question, sized).result
      : askTcp(question, sized));
  if (context.signal.aborted) return null;
  context.emit({ kind: "dns-check", ...question, origin, ...how, ...result });
  return result.outcome;
}
