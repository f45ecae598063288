// The source of `wsl-trace drops`: this kernel's drops as they happen, through eBPF or tracefs.

import { lookup } from "node:dns/promises";
import { hrtime } from "node:process";
import ipaddr from "ipaddr.js";
import type {
  DropScope,
  DropsRequest,
  DropsUnavailable,
  DropsWatch,
} from "../../src/drops-port.ts";
import { messageOf } from "../../src/errors.ts";
import { dropMeaning } from "../../src/facts/kernel/drop-meanings.ts";
import type { LiveDrop } from "../../src/schema/live-drop.ts";
import { MARK, MARK_MASK } from "../native/mark.ts";
import type { DropEvent, Endpoints } from "./kernel-event.ts";
import { createKernelTrace, type KernelTrace } from "./kernel-trace.ts";
import { OWN_NAMESPACE } from "./namespaces.ts";
import { OFF } from "./privilege.ts";
import { baseName, whyNoSymbols } from "./symbols.ts";
import { type AnonymousDrop, createTracefsTrace } from "./tracefs-trace.ts";

/** Closed when its time is over or `interrupted` aborts. */
export async function watchDrops(
  request: DropsRequest,
  interrupted: AbortSignal,
): Promise<DropsWatch | DropsUnavailable> {
  const { scope, timeoutMs } = request;
  const signal = endOf(timeoutMs, interrupted);
  if (!request.ebpf) return overTracefs(scope, OFF, signal);
  const peers = await peersOf(scope).catch((error: unknown) => messageOf(error));
  if (typeof peers === "string") return { kind: "unavailable", reason: peers };
  const trace = await createKernelTrace({
    session: null,
    mark: { value: MARK, mask: MARK_MASK },
    learns: scope.kind === "marked",
    drops: { peers, everything: scope.kind === "all" },
    signal,
  });
  if (trace.kind === "unavailable") return overTracefs(scope, trace.reason.text, signal);
  const note = `watching ${WORDS[scope.kind](peers)}${request.allNetns ? " in every network namespace" : ""}`;
  return {
    kind: "watching",
    drops: liveDrops(trace, request),
    peers,
    note: `${note}${await formatLocation()}; Ctrl-C ends it`,
    lost: trace.lost,
  };
}

async function formatLocation(): Promise<string> {
  const why = whyNoSymbols();
  return why === null ? "" : `, without the functions' names (${why})`;
}

/** AbortSignal.any and AbortSignal.timeout may be collected before they fire. */
function endOf(timeoutMs: number | null, interrupted: AbortSignal): AbortSignal {
  const end = new AbortController();
  const timer = timeoutMs === null ? undefined : setTimeout(() => end.abort(), timeoutMs);
  const interrupt = () => {
    clearTimeout(timer);
    end.abort();
  };
  interrupted.addEventListener("abort", interrupt, { once: true });
  if (interrupted.aborted) interrupt();
  return end.signal;
}

const WORDS: Readonly<Record<DropScope["kind"], (peers: readonly string[]) => string>> = {
  marked: () => "probes of this tool (--all: everybody's packets)",
  host: (peers) => `packets from and to ${peers.join(", ")}`,
  flow: (peers) => `packets between ${peers.join(" and ")}`,
  all: () => "everybody's packets",
};

/** @throws Error where a name has no address */
async function peersOf(scope: DropScope): Promise<readonly string[]> {
  if (scope.kind === "flow") return [scope.flow.a.address, scope.flow.b.address];
  if (scope.kind !== "host") return [];
  const host = scope.host.replace(/%.*$/, "");
  if (ipaddr.isValid(host)) return [host];
  const found = await lookup(host, { all: true }).catch((error: unknown) => {
    throw new Error(`${host} has no address (${messageOf(error)})`);
  });
  return found.map(({ address }) => address);
}

async function* liveDrops(trace: KernelTrace, request: DropsRequest): AsyncGenerator<LiveDrop> {
  const wallMs = wallClock();
  for await (const event of trace.events) {
    if (event.kind !== "drop") continue;
    const own = event.device.netnsName === OWN_NAMESPACE;
    if ((own || request.allNetns) && isMeant(event, request.scope))
      yield liveDrop(event, markOf(event, request.scope), wallMs);
  }
}

function isMeant({ ends: endpoints, match, reason }: DropEvent, scope: DropScope): boolean {
  if (scope.kind === "flow") {
    const { a, b } = scope.flow;
    return endpoints != null && (isBetween(endpoints, a, b) || isBetween(endpoints, b, a));
  }
  // A run has closed that connection, or made its SYN itself: the answer was seen, and is no loss.
  const isAnswer = match.by === "flow" && match.direction === "in";
  if (scope.kind === "marked" && isAnswer && reason?.name === "NO_SOCKET") return false;
  // The programs look for probes of any run, too; those to other hosts are not meant.
  return scope.kind !== "host" || match.by === "address";
}

/** The number of a flow that was learnt is its mark. */
function markOf({ match }: DropEvent, { kind }: DropScope): number | null {
  if (match.by === "mark") return match.mark;
  return match.by === "flow" && kind === "marked" ? match.flow : null;
}

type End = { readonly address: string; readonly port: number };

function isBetween(endpoints: Endpoints, from: End, to: End): boolean {
  return (
    isSame(endpoints.source, from.address) &&
    isSame(endpoints.destination, to.address) &&
    endpoints.sourcePort === from.port &&
    endpoints.destinationPort === to.port
  );
}

function isSame(one: string, other: string): boolean {
  return ipaddr.parse(one).toNormalizedString() === ipaddr.parse(other).toNormalizedString();
}

function liveDrop(
  event: DropEvent,
  mark: number | null,
  wallMs: (monotonicMs: number) => number,
): LiveDrop {
  const { reason, location, device, packet, icmpSent, match, ends: endpoints } = event;
  const own = device.netnsName === OWN_NAMESPACE;
  return {
    kind: "drop",
    at: new Date(wallMs(event.monotonicMs)).toISOString(),
    reason: reason?.name ?? null,
    inferred: reason?.inferred ?? false,
    meaning: dropMeaning(reason?.name ?? null),
    symbol: location === null ? null : baseName(location.symbol),
    interface: device.interface,
    namespace: own ? null : (device.netnsName ?? `${device.netns ?? "unknown"}`),
    protocol: packet.family === null ? null : packet.protocol,
    source: endpoints?.source ?? null,
    destination: endpoints?.destination ?? null,
    sourcePort: endpoints?.sourcePort ?? null,
    destinationPort: endpoints?.destinationPort ?? null,
    ttl: packet.family === null ? null : packet.ttl,
    sizeBytes: packet.sizeBytes,
    quoted: packet.quoted,
    icmpSent: icmpSent === null ? null : `${icmpSent.type}/${icmpSent.code}`,
    cookie: match.by === "cookie" ? match.cookie : null,
    mark,
  };
}

const NS_PER_MS = 1e6;

/** The kernel's monotonic clock as the time of day, with the offset of now. */
function wallClock(): (monotonicMs: number) => number {
  const offsetMs = Date.now() - Number(hrtime.bigint()) / NS_PER_MS;
  return (monotonicMs) => monotonicMs + offsetMs;
}

/** @param why eBPF was not to be had */
async function overTracefs(
  scope: DropScope,
  why: string,
  signal: AbortSignal,
): Promise<DropsWatch | DropsUnavailable> {
  if (scope.kind !== "all") {
    const reason = `${why}; tracefs does not tell whose packet it was (--all watches everybody's)`;
    return { kind: "unavailable", reason };
  }
  const trace = await createTracefsTrace();
  if (trace.kind === "unavailable") {
    return { kind: "unavailable", reason: `${why}; ${trace.reason}` };
  }
  const close = () => void trace.close();
  signal.addEventListener("abort", close, { once: true });
  if (signal.aborted) close();
  const note = `watching everybody's packets through tracefs, without addresses (${why}); Ctrl-C ends it`;
  const drops = fromTracefs(trace.drops);
  return { kind: "watching", drops, peers: [], note, lost: trace.lost };
}

async function* fromTracefs(drops: AsyncIterable<AnonymousDrop>): AsyncGenerator<LiveDrop> {
  const wallMs = wallClock();
  for await (const { monotonicMs, reason, inferred, symbol } of drops) {
    yield {
      kind: "drop",
      at: new Date(wallMs(monotonicMs)).toISOString(),
      reason,
      inferred,
      meaning: dropMeaning(reason),
      symbol,
      interface: null,
      namespace: null,
      protocol: null,
      source: null,
      destination: null,
      sourcePort: null,
      destinationPort: null,
      ttl: null,
      sizeBytes: null,
      quoted: false,
      icmpSent: null,
      cookie: null,
      mark: null,
    };
  }
}
