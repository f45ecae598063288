// The stages of the default attempt as a user would meet them.

import { CLOSED, stageOf } from "../facts/connection/attempt.ts";
import { isFromTarget, tracedLookup } from "../facts/connection/subject.ts";
import { isUploadStalled, stalledUploads, transferFacts } from "../facts/connection/transfer.ts";
import { libcFinding } from "../facts/dns/libc-lookup.ts";
import type { Facts } from "../facts/facts.ts";
import { ADDRESS_GIVEN, NOT_CONNECTED, routeUnread } from "../facts/reasons.ts";
import type { Path } from "../model/path.ts";
import { noAnswerIn } from "../schema/constants.ts";
import type { DatagramAttempt } from "../schema/events/datagram.ts";
import type { Certificate, TcpResult, TcpStage } from "../schema/events/tcp.ts";
import type { Stage } from "../schema/verdict.ts";
import { formatProxy } from "./proxy-words.ts";

export function stagesOf(facts: Facts): readonly Stage[] {
  return [
    resolveStage(facts),
    routeStage(facts),
    reachStage(facts),
    ...(["connect", "tls", "http"] as const).map((stage) => tcpStage(facts, stage)),
  ];
}

function resolveStage({ dns: names, path }: Facts): Stage {
  const stage = "resolve";
  if (names.literal) return { stage, status: "skipped", ms: null, detail: ADDRESS_GIVEN };
  if (names.outcome === "not-asked") {
    return { stage, status: "unknown", ms: null, detail: "no resolver was asked yet" };
  }
  const reported = names.configured
    .map((server) => `${server.server} ${server.reported}`)
    .join("; ");
  if (names.outcome === "ok" && names.decidedBy !== null) {
    const { server, reported: words, rttMs } = names.decidedBy;
    if (libcFinding(path)?.kind === "finds-nothing") {
      const detail = `getent ahosts finds no address; ${server} ${words}`;
      return { stage, status: "failed", ms: null, detail };
    }
    return { stage, status: "ok", ms: rttMs, detail: `${server} ${words}` };
  }
  const other = path.addresses?.server;
  const went = other == null ? "" : `; the trace goes on with what ${other} answered`;
  const detail = reported === "" ? (path.resolverConfig?.problem ?? "no server to ask") : reported;
  return { stage, status: "failed", ms: null, detail: `${detail}${went}` };
}

function routeStage({ path }: Facts): Stage {
  const stage = "route";
  const lookup = tracedLookup(path);
  if (lookup === undefined) return { stage, status: "skipped", ms: null, detail: "no address" };
  if (lookup.outcome.kind === "no-route") {
    return { stage, status: "failed", ms: null, detail: `no route (${lookup.outcome.error})` };
  }
  if (lookup.outcome.kind === "unknown") {
    const detail = routeUnread(lookup.outcome.error);
    return { stage, status: "unknown", ms: null, detail };
  }
  const { gateway, source, linkMtu, cachedPmtu, interface: device } = lookup.outcome;
  const via = gateway === null ? "on the link" : `via ${gateway}`;
  const cached = cachedPmtu === null ? "" : `, cached PMTU ${cachedPmtu}`;
  const detail = `${via} dev ${device} src ${source} mtu ${linkMtu}${cached}`;
  return { stage, status: "ok", ms: null, detail };
}

function reachStage({ path, attempt }: Facts): Stage {
  const stage = "reach";
  const answer = path.probes.find(({ outcome, address }) => isFromTarget(outcome, address));
  if (answer !== undefined && "rttMs" in answer.outcome) {
    const detail = `${answer.address} answers UDP`;
    return { stage, status: "ok", ms: answer.outcome.rttMs, detail };
  }
  const connected = attempt?.stages.some(({ result }) => result.kind === "ok");
  if (connected) {
    const isAsked = path.probes.some(({ protocol }) => protocol === "udp");
    const udp = isAsked ? "UDP gets no answer, which is no fault" : "UDP was not tried";
    const detail = `${attempt?.address} answers TCP; ${udp}`;
    return { stage, status: "ok", ms: null, detail };
  }
  if (path.probes.length === 0) {
    return { stage, status: "skipped", ms: null, detail: "nothing was sent" };
  }
  const hops = path.probes.filter(({ outcome }) => outcome.kind === "time-exceeded");
  const detail =
    hops.length === 0
      ? "nobody answers"
      : `routers up to hop ${Math.max(...hops.map(({ ttl }) => ttl))} answer, the target does not`;
  return { stage, status: "failed", ms: null, detail };
}

function tcpStage({ attempt, path }: Facts, name: TcpStage): Stage {
  if (name === "connect" && path.datagram !== null) return datagramStage(path.datagram);
  const ended = stageOf(attempt, name);
  if (ended === undefined)
    return missingStage(attempt !== undefined, name, path.run?.target.scheme);
  const certificate = name === "tls" ? attempt?.certificate : null;
  const unverified =
    certificate == null || certificate.authorized
      ? ""
      : `; the certificate does not verify (${formatProblem(certificate)}), the path carried it`;
  const { status, detail } = readResult(ended.result, unverified);
  const proxy = name === "connect" ? `${formatSsh(path)}${formatProxy(path)}` : "";
  const rest = name === "http" ? formatTransfer(path) : "";
  const isUp = (stalledUploads(path)?.length ?? 0) > 1;
  const stalls = name === "http" && (transferFacts(path)?.stalls === true || isUp);
  return {
    stage: name,
    ms: ended.ms,
    status: stalls ? "failed" : status,
    detail: `${detail}${proxy}${rest}`,
  };
}

/** What ssh's own files say of the target. */
function formatSsh({ ssh }: Path): string {
  if (ssh === null) return "";
  const { host, port, jump, command } = ssh;
  if (command)
    return "; this is the direct way, and ssh has a program make the connection (ProxyCommand)";
  return jump === null
    ? `; ssh's settings name ${host} port ${port}`
    : `; ssh goes through ${jump} (ProxyJump), which is what was traced`;
}

/** What stands for a connection. */
function datagramStage({ outcome, port, request, ms }: DatagramAttempt): Stage {
  const to = port === null ? "an echo request" : `${request ?? "a datagram"} to UDP port ${port}`;
  const head = { stage: "connect", ms } as const;
  switch (outcome.kind) {
    case "reply":
      return { ...head, ms: outcome.rttMs, status: "ok", detail: `${to} is answered` };
    case "no-reply":
      return { ...head, status: "unknown", detail: `${to}: ${noAnswerIn(ms)}` };
    case "unreachable":
      return { ...head, status: "failed", detail: `${to}: ${outcome.from} reports it unreachable` };
    case "send-failed":
      return { ...head, status: "unknown", detail: `${to} could not be sent (${outcome.error})` };
    default:
      return { ...head, status: "failed", detail: `${to}: ${outcome.from} drops it` };
  }
}

const BYTES_PER_KB = 1000;
/** Below it what was on its way at once decides the rate. */
const MEASURABLE_MS = 100;

/** How far a long answer came, and how fast. */
function formatTransfer(path: Path): string {
  const facts = transferFacts(path);
  if (facts === null || facts.plain.outcome === "failed") return "";
  const { receivedBytes, ms } = facts.plain;
  const kb = Math.round(receivedBytes / BYTES_PER_KB);
  if (facts.stopped) return `; the answer stops after ${kb} kB`;
  const sent = formatUpload(path);
  const rate =
    ms < MEASURABLE_MS ? "" : `, ${Math.round((receivedBytes * BITS_PER_BYTE) / ms)} kbit/s`;
  return `; ${kb} kB of the answer read in ${Math.round(ms)} ms${rate}${sent}`;
}

/** How far requests went that were sent up for their size; nothing where none were. */
function formatUpload({ uploads: [first] }: Path): string {
  if (first === undefined) return "";
  const kb = Math.round(first.ackedBytes / BYTES_PER_KB);
  return isUploadStalled(first) ? `; what is sent stops after ${kb} kB` : `; ${kb} kB sent up`;
}

const BITS_PER_BYTE = 8;

const PROBLEMS = {
  expired: "it has expired, or this machine's clock is ahead",
  "not-yet-valid": "it is not valid yet, or this machine's clock is behind",
  "wrong-name": "it is for another name",
  "unknown-issuer": "nobody here knows its issuer",
  "self-signed": "it is signed by itself",
} as const;

function formatProblem({ error, problem, issuer }: Certificate): string {
  if (problem == null || problem === "other") return `${error}`;
  return `${error}: ${PROBLEMS[problem]}; issued by ${issuer}`;
}

function missingStage(tried: boolean, stage: TcpStage, scheme: string | undefined): Stage {
  if (stage === "tls" && scheme === "http") {
    return { stage, status: "skipped", ms: null, detail: "plain HTTP was asked for" };
  }
  const detail = tried ? "the stage before it did not end" : NOT_CONNECTED;
  return { stage, status: "skipped", ms: null, detail };
}

function readResult(result: TcpResult, warning: string): Pick<Stage, "status" | "detail"> {
  switch (result.kind) {
    case "ok":
      return { status: "ok", detail: `${result.detail}${warning}` };
    case "failed":
      if (result.code === CLOSED) return { status: "unknown", detail: result.detail };
      return { status: "failed", detail: `${result.detail} (${result.code})` };
    case "no-reply":
      return { status: "failed", detail: noAnswerIn(result.waitedMs) };
    case "other-protocol":
      return { status: "unknown", detail: result.detail };
  }
}
