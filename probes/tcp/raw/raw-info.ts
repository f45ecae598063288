// What the kernel says of its own connections (TCP_INFO), of one that is not its own.

import { TCP_HEADERS, TIMESTAMPS_BYTES } from "../../../src/facts/connection/attempt.ts";
import type { Family } from "../../../src/schema/events/common.ts";
import type { TcpInfo } from "../../../src/schema/events/tcp.ts";
import { TCP_CLOSE, TCP_ESTABLISHED, TCP_SYN_SENT } from "../../native/constants.ts";
import { DEFAULT_MSS, type RawState } from "./raw-state.ts";

const STATES = { connecting: TCP_SYN_SENT, open: TCP_ESTABLISHED, over: TCP_CLOSE } as const;

/** Its PMTU is what it offers: no cached one counts. */
export function rawInfo(state: RawState, family: Family): TcpInfo {
  const { phase, offer, agreed, peer, timer, counts, sentBytes, rttMs } = state;
  // The kernel counts the option off both MSS.
  const own = agreed.timestamps ? TIMESTAMPS_BYTES : 0;
  return {
    state: STATES[phase],
    retransmits: timer.backoff,
    backoff: timer.backoff,
    timestamps: agreed.timestamps,
    sndMss: Math.min(peer.mss, offer.mss) - own,
    rcvMss: Math.max(DEFAULT_MSS, counts.largest),
    advMss: offer.mss - own,
    unacked: sentBytes > 0 || phase === "connecting" ? 1 : 0,
    sacked: 0,
    rttMs: rttMs ?? 0,
    pmtu: offer.mss + TCP_HEADERS[family],
    totalRetrans: counts.repeated,
    bytesAcked: counts.acknowledged,
    bytesReceived: counts.received,
    segsOut: counts.segmentsOut,
    dataSegsIn: counts.dataSegmentsIn,
    rcvOooPack: counts.aheadOfGap,
    ecn: agreed.ecn,
  };
}
