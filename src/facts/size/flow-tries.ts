// What connections from source ports that are taken again show of sizes, each way: one port keeps to one of several balanced paths.

import type { Attempt } from "../../model/connections.ts";
import type { Path } from "../../model/path.ts";
import type { Family } from "../../schema/events/common.ts";
import type { TcpInfo } from "../../schema/events/tcp.ts";
import {
  attemptState,
  lastInfo,
  lostSyns,
  offeredBytes,
  receivedBytes,
  sentBytes,
  TCP_HEADERS,
  TIMESTAMPS_BYTES,
  unacknowledged,
} from "../connection/attempt.ts";

export type Towards = "inbound" | "outbound";

/** One connection. */
export interface FlowTry {
  readonly port: number;
  readonly sizeBytes: number;
  /** "repaired": something was lost, and its repetition passed. */
  readonly result: "passed" | "repaired" | "lost";
  readonly id: string;
}

/** Those that show anything that way, in the order of their start. */
export function flowTries(path: Path, towards: Towards): readonly FlowTry[] {
  return path.connections["size-flow"].flatMap((attempt) => {
    const { sourcePort: port, ended, id } = attempt;
    const shown = towards === "inbound" ? arrival(attempt) : departure(attempt);
    return port === undefined || shown === null ? [] : [{ port, ...shown, id: ended?.id ?? id }];
  });
}

/**
 * Whether this kernel was told of a smaller PMTU meanwhile, though no probe was: it sends less from a port than before, and less than
 * was asked for. Routers report but a few of the packets that are too large (net.ipv4.icmp_ratelimit), so that the first ones hang.
 */
export function isLimitReported(path: Path): boolean {
  const sent = path.connections["size-flow"].flatMap((attempt) => {
    const info = lastInfo(attempt);
    const { sourcePort: port, mss } = attempt;
    if (port === undefined || info === null || attemptState(attempt, "connect") !== "passed") {
      return [];
    }
    const options = info.timestamps ? TIMESTAMPS_BYTES : 0;
    return [{ port, sndMss: info.sndMss, wanted: (mss ?? Number.POSITIVE_INFINITY) - options }];
  });
  return sent.some(({ port, sndMss, wanted }, index) =>
    sent
      .slice(0, index)
      .some((before) => before.port === port && sndMss < Math.min(before.sndMss, wanted)),
  );
}

type Shown = Pick<FlowTry, "sizeBytes" | "result">;

/** A flight of more than a segment, and whether its first was acknowledged. */
function departure(attempt: Attempt): Shown | null {
  const info = lastInfo(attempt);
  if (info === null || attempt.firstFlightBytes === null) return null;
  if (attemptState(attempt, "connect") !== "passed") return null;
  const sizeBytes = sentBytes(info, attempt.family);
  if ((info.bytesAcked ?? 0) > info.sndMss) {
    const isRepaired = info.totalRetrans > lostSyns(attempt);
    return { sizeBytes, result: isRepaired ? "repaired" : "passed" };
  }
  return unacknowledged(info) ? { sizeBytes, result: "lost" } : null;
}

/** Whether a segment came that is as large as this side offered to take. @param mss TCP_MAXSEG, null for the kernel's own */
export function tookAll(info: TcpInfo, family: Family, mss: number | null): boolean {
  const received = receivedBytes(info, family, mss);
  const offered = info.advMss + (info.timestamps ? TIMESTAMPS_BYTES : 0) + TCP_HEADERS[family];
  return received !== null && received >= offered;
}

/** What any host takes (RFC 1122 s.3.3.3), and the kernel's first guess of a segment. */
const FIRST_GUESS_BYTES = 576;

/** What answers a request that arrived whole. */
function arrival(attempt: Attempt): Shown | null {
  const info = lastInfo(attempt);
  const offered = offeredBytes(attempt);
  if (info === null || offered === null) return null;
  const state = attemptState(attempt, "http");
  const received = receivedBytes(info, attempt.family, attempt.mss) ?? FIRST_GUESS_BYTES;
  if (state !== "passed" && received < offered) {
    const isLost = state === "stalled" && info.unacked === 0;
    return isLost ? { sizeBytes: offered, result: "lost" } : null;
  }
  const isRepaired = attempt.stalls.some(({ stage }) => stage !== "connect");
  const sizeBytes = Math.min(received, offered);
  return { sizeBytes, result: isRepaired ? "repaired" : "passed" };
}
