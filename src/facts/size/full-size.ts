// Whether a full-size segment went each way: without one, nothing was learnt of what larger transfers meet.

import type { Attempt } from "../../model/connections.ts";
import type { Path } from "../../model/path.ts";
import type { Family } from "../../schema/events/common.ts";
import type { DatagramAttempt } from "../../schema/events/datagram.ts";
import type { TcpInfo } from "../../schema/events/tcp.ts";
import {
  lastInfo,
  offeredBytes,
  receivedBytes,
  sentBytes,
  stageOf,
} from "../connection/attempt.ts";
import { defaultAttempt, isOnThisMachine, linkMtuTo } from "../connection/subject.ts";
import { perPath } from "../per-path.ts";
import { cachedPmtuTo, sizedAttempt } from "./cached.ts";
import { outboundFacts } from "./outbound.ts";
import { wholeEcho } from "./whole-echo.ts";

/** One direction: whether it was seen in full size, else what was. */
export interface Direction {
  readonly seen: boolean;
  /** Bytes of the largest IP packet that passed; null when none that tells was. */
  readonly largest: number | null;
  /** Bytes that would have been full-size; null when not known. */
  readonly full: number | null;
}

export interface FullSize {
  readonly inbound: Direction;
  readonly outbound: Direction;
}

/** Null where sizes are not asked: nothing was connected to, or the target is on this machine. */
export const fullSize = perPath("fullSize", (path): FullSize | null => {
  const attempt = defaultAttempt(path);
  if (isOnThisMachine(path)) return null;
  if (attempt === undefined) return path.datagram === null ? null : ofDatagram(path, path.datagram);
  return { inbound: inbound(path, attempt), outbound: outbound(path, attempt.address) };
});

/** No MSS says how large its packets get: full-size is what the link takes. */
function ofDatagram(path: Path, { address }: DatagramAttempt): FullSize {
  const full = linkMtuTo(path, address);
  const largest = wholeEcho(path)?.sizeBytes ?? null;
  const seen = full !== null && largest !== null && largest >= full;
  return { inbound: { seen, largest, full }, outbound: outbound(path, address) };
}

function inbound(path: Path, attempt: Attempt): Direction {
  const cached = cachedPmtuTo(path, attempt.address);
  const full = cached === null ? offeredBytes(attempt) : cached.linkMtu;
  const own = path.attempts.filter((one) => one.address === attempt.address && isUnlimited(one));
  // What a cached PMTU keeps small is full-size until it expires, and no longer.
  const telling = cached === null ? own : own.filter((one) => offeredBytes(one) === full);
  const sizes = own.flatMap((one) => receivedBytes(lastInfo(one), one.family) ?? []);
  const echo = wholeEcho(path)?.sizeBytes ?? 0;
  const largest = Math.max(echo, ...sizes);
  return {
    seen: telling.some(tookFullSize) || (full !== null && echo >= full),
    largest: largest > 0 ? largest : null,
    full,
  };
}

/** Whether it offers all that the kernel, or its link, takes. */
function isUnlimited({ mss, raw, purpose }: Attempt): boolean {
  return mss === null || (raw === true && purpose !== "mss-sweep");
}

function tookFullSize(attempt: Attempt): boolean {
  const info = lastInfo(attempt);
  const size = receivedBytes(info, attempt.family);
  const offered = offeredBytes(attempt);
  if (info === null || size === null || offered === null) return false;
  if (isLargest(info, attempt.family, offered)) return true;
  return size >= SMALLEST_CUT_BYTES && wasCut(attempt, info);
}

/** Whether a packet came that is as large as any that these two ends will send. @param offered bytes of the whole packet */
function isLargest(info: TcpInfo, family: Family, offered: number): boolean {
  const size = receivedBytes(info, family);
  return size !== null && (size >= offered || size >= agreedBytes(info, family));
}

/** What the far side's MSS, or a middlebox's in both directions, lets a segment be; a PMTU says nothing of that. */
function agreedBytes(info: TcpInfo, family: Family): number {
  const sent = sentBytes(info, family);
  return sent < info.pmtu ? sent : Infinity;
}

/** No server of today cuts smaller: IPv6's least MTU is 1280, and tunnels in tunnels take some more. */
const SMALLEST_CUT_BYTES = 1200;

/**
 * The sender cut a longer burst itself: two segments' worth came in one stage, none larger. A SYN cookie, an
 * MTU below ours, a clamp, or an ICMP error that notified it make it send less than we offer.
 */
function wasCut(attempt: Attempt, last: TcpInfo): boolean {
  const atTls = stageOf(attempt, "tls")?.info ?? null;
  const total = last.bytesReceived ?? 0;
  const first = atTls?.bytesReceived ?? 0;
  const bursts = atTls === null ? [total] : [first, total - first];
  return bursts.some((bytes) => bytes >= 2 * last.rcvMss);
}

function outbound(path: Path, address: string): Direction {
  const { estimate } = outboundFacts(path);
  const link = linkMtuTo(path, address);
  const own = largestSent(path);
  const full = own === null || link === null ? (own ?? link) : Math.min(own, link);
  const passed = estimate.atLeast;
  // A limit that says so by ICMP is kept to: what it names is full-size from now on.
  const isNamed = estimate.basis === "icmp" && estimate.bytes !== null && !estimate.silent;
  const seen = passed !== null && (isNamed || (full !== null && passed >= full));
  return { seen, largest: passed, full };
}

/** Bytes of the largest packet that TCP will send there, as both MSS have it; null where that is not known. */
export function largestSent(path: Path): number | null {
  const attempt = sizedAttempt(path);
  const info = attempt === undefined ? null : lastInfo(attempt);
  if (attempt === undefined || info === null) return null;
  const sent = sentBytes(info, attempt.family);
  const cached = attempt.raw === true ? null : cachedPmtuTo(path, attempt.address);
  // It is the cached PMTU that keeps it small, for as long as it is there.
  return cached !== null && sent >= cached.pmtu ? null : sent;
}
