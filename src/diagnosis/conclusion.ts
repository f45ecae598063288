// The verdict of a run, and the sentence beside it: what stops the user first, else what is still open.

import { lastInfo } from "../facts/connection/attempt.ts";
import { defaultEnding } from "../facts/connection/ending.ts";
import { tracedAddress } from "../facts/connection/subject.ts";
import type { Facts } from "../facts/facts.ts";
import { isLossOpen } from "../facts/loss/loss.ts";
import { formatRoute, routeChange } from "../facts/reach/route-change.ts";
import { LOSS_CONTRADICTED, NOT_CONNECTED } from "../facts/reasons.ts";
import type { ServiceFacts } from "../facts/service/service.ts";
import { unsettledTry } from "../facts/size/balanced.ts";
import { cachedPmtuTo } from "../facts/size/cached.ts";
import type { Direction } from "../facts/size/full-size.ts";
import { isRecoveryLeftOut } from "../facts/size/recovery.ts";
import type { Attempt } from "../model/connections.ts";
import type { Path } from "../model/path.ts";
import type { Verdict } from "../schema/verdict.ts";
import { type CauseId, causeOf } from "./causes/list.ts";
import type { FindingData } from "./diagnosis.ts";
import type { Outcome } from "./outcome.ts";
import { programConclusion } from "./program.ts";
import { serviceConclusion } from "./service-conclusion.ts";

interface Conclusion {
  readonly verdict: Verdict;
  readonly reason: string;
}

/** @param findings what stops the user first stands first */
export function conclude(
  facts: Facts,
  findings: readonly FindingData[],
  judged: ReadonlyMap<CauseId, Outcome>,
): Conclusion {
  const { path } = facts;
  if (path.run?.command === "run") return programConclusion(path, null) ?? NOTHING_FOLLOWED;
  const traced = acrossChange(path, concludeTraced(facts, findings, judged));
  const isFound = traced.verdict === "fault" || traced.verdict === "degraded";
  return isFound ? traced : (programConclusion(path, traced) ?? traced);
}

const NOTHING_FOLLOWED: Conclusion = {
  verdict: "inconclusive",
  reason: "the recording holds no program",
};

/** What was seen of the one route says nothing of the other; an attempt that failed has failed. */
function acrossChange(path: Path, { verdict, reason }: Conclusion): Conclusion {
  const change = path.run?.command === "dns" ? null : routeChange(path);
  if (change === null) return { verdict, reason };
  const { before, after } = change;
  const across = `measured across a change: the route went ${formatRoute(before)} at first, and ${formatRoute(after)} at the end; trace again`;
  if (verdict === "healthy") return { verdict: "inconclusive", reason: across };
  return { verdict, reason: `${reason}; ${across}` };
}

function concludeTraced(
  facts: Facts,
  findings: readonly FindingData[],
  judged: ReadonlyMap<CauseId, Outcome>,
): Conclusion {
  const isOfNames = facts.path.run?.command === "dns";
  const { ssh } = facts.path;
  if (ssh?.command === true && !isOfNames) return { verdict: "inconclusive", reason: NOT_THE_WAY };
  const [first] = findings;
  if (first !== undefined && first.severity !== "note") {
    const verdict = first.severity === "fault" ? "fault" : "degraded";
    return { verdict, reason: titleOf(first, facts.path) };
  }
  if (facts.service !== null) return concludeService(facts.path, facts.service);
  const open =
    openRun(facts) ??
    (isOfNames
      ? null
      : (openAttempt(facts) ??
        openSizes(facts, isCachedBefore(facts.path, judged)) ??
        openPort(facts) ??
        openLoss(facts)));
  if (open !== null) return { verdict: "inconclusive", reason: open };
  if (ssh?.jump != null && !isOfNames) {
    const reason = `the way to ${ssh.host} works, which ssh goes through (ProxyJump ${ssh.jump}); what is behind it is not seen from here`;
    return { verdict: "inconclusive", reason };
  }
  const reason = isOfNames
    ? "the name resolves, and no fault was found"
    : "the default attempt got its answer, and no fault was found";
  return { verdict: "healthy", reason };
}

function concludeService(path: Path, service: ServiceFacts): Conclusion {
  const early = endedEarly(path);
  return early === null ? serviceConclusion(service) : { verdict: "inconclusive", reason: early };
}

function titleOf({ cause }: FindingData, path: Path): string {
  const title = causeOf(cause)?.title ?? cause;
  return isRecoveryLeftOut(path) ? `${title}; ${NOT_AWAITED}` : title;
}

/** What an ICMP error named in the run itself has been measured without it. */
function isCachedBefore(path: Path, judged: ReadonlyMap<CauseId, Outcome>): boolean {
  const isNoted = judged.get("pmtu-cached")?.kind === "fires";
  return isNoted && cachedPmtuTo(path, tracedAddress(path)) !== null;
}

const NOT_AWAITED = "whether the connection recovers by itself was not awaited";
const NOT_THE_WAY =
  "ssh has a program make the connection (ProxyCommand): what was traced is the direct way, which it does not take";

/** Why the run as a whole says nothing; null when it was whole and its name resolved. */
function openRun({ path, dns: names }: Facts): string | null {
  const early = endedEarly(path);
  if (early !== null) return early;
  if (names.outcome === "ok") return null;
  const answers = names.configured
    .map(({ server, reported: words }) => `${server} ${words}`)
    .join("; ");
  const reported = answers === "" ? "" : ` (${answers})`;
  return `the name was not resolved${reported}, and no rule explains why`;
}

function endedEarly({ ended }: Path): string | null {
  if (ended === null) return "the run is not over";
  return ended.interrupted === null ? null : `the run was ended early (${ended.interrupted})`;
}

/** What may be loss of the path, and is not known to be. */
function openLoss({ path, inbound }: Facts): string | null {
  return isLossOpen(path, inbound) ? LOSS_CONTRADICTED : null;
}

/** Why the default attempt shows nothing; null when it got its answer. */
function openAttempt({ path, attempt }: Facts): string | null {
  if (attempt === undefined) return unconnected(path);
  const { kind } = defaultEnding(path);
  if (kind === "answered") return null;
  if (kind === "not-spoken") {
    return "the port accepts connections, and what it speaks is not known here: name the protocol, as in tcp://HOST:PORT";
  }
  return unanswered(attempt);
}

/** Null for datagrams that were answered. */
function unconnected({ datagram, skipped }: Path): string | null {
  if (datagram === null) {
    const socket = skipped.find(({ probe }) => probe === "tcp");
    return socket === undefined ? NOT_CONNECTED : `${NOT_CONNECTED}: ${socket.reason}`;
  }
  const refused = skipped.find(({ probe }) => probe === "datagram");
  if (refused !== undefined) {
    return `nothing could be sent (${refused.reason}): sudo sysctl -w net.ipv4.ping_group_range="0 2147483647" lets everybody send echo requests`;
  }
  const { outcome, port } = datagram;
  if (outcome.kind === "reply") return null;
  if (outcome.kind !== "no-reply") return "the datagram was not answered, and no rule explains why";
  return port === null
    ? "echo requests get no answer, and no rule explains why"
    : `UDP port ${port} is silent to a datagram: a server that does not understand it need not answer, and a filter drops it in silence, too`;
}

function unanswered(attempt: Attempt): string {
  const { stage = "connect", result } = attempt.stages.at(-1) ?? {};
  const how = result?.kind === "failed" ? `fails (${result.code})` : "gets no answer";
  return `${stage === "tls" ? "the TLS handshake" : stage} ${how}, and no rule explains why`;
}

/** Why a larger transfer may yet meet a size limit; null when packets of full size went each way. */
function openSizes({ path, fullSize, attempt }: Facts, isPmtuCached: boolean): string | null {
  const open = (["inbound", "outbound"] as const).filter((way) => fullSize?.[way].seen === false);
  if (fullSize === null || open.length === 0) return null;
  if (isPmtuCached) {
    return "it works now, with a cached PMTU that may hide a black hole: flush the cache and trace again";
  }
  const seen = open.map((way) => largestSeen(way, fullSize[way]));
  const stopped = path.connections["long-answer"].some(({ stalls }) => stalls.length > 0);
  const more = stopped ? [LONGER_STOPS] : [];
  const settledBy = isReadable(attempt) ? SETTLED_BY : SETTLED_ELSEWHERE;
  return `it works, and larger transfers may not: ${[...seen, ...more].join("; ")}. ${settledBy}`;
}

/** Why a connection from another port may yet meet a size limit; null when none hung, or the same port carried as much. */
function openPort({ path }: Facts): string | null {
  const left = unsettledTry(path);
  if (left === null) return null;
  const { port, sizeBytes, towards } = left;
  return `it works, and one of several balanced paths may not: a connection from port ${port} hung, and nothing of ${sizeBytes} bytes ${towards === "inbound" ? "came" : "got"} through from that port afterwards. Trace again`;
}

const LONGER_STOPS = "many answers at once stopped on the way";
const SETTLED_BY =
  "The URL of a page of 3 kB or more, or of another port of this host that speaks TLS, would settle it";
const SETTLED_ELSEWHERE =
  "TCP_INFO cannot be read here: where it can, the same command would settle it";

/** Whether the kernel says anything of the connection. */
function isReadable(attempt: Attempt | undefined): boolean {
  return attempt === undefined || lastInfo(attempt) !== null;
}

function largestSeen(way: "inbound" | "outbound", { largest, full }: Direction): string {
  const of = full === null ? "" : ` of ${full}`;
  const what =
    largest === null ? "no packet that shows a size" : `none above ${largest}${of} bytes`;
  return way === "inbound" ? `${what} came in` : `${what} was seen to get out`;
}
