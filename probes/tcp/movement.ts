// How far apart the two ends are, and whether bytes have moved: by TCP_INFO, and without it by what this program sees.

import type { TcpInfo } from "../../src/schema/events/tcp.ts";

interface Seen {
  /** The newest reading; null before the first, and where TCP_INFO is refused. */
  readonly latest: TcpInfo | null;
  /** The reading at which bytes last moved. */
  readonly movedInfo: TcpInfo | null;
  readonly movedReadBytes: number;
  readonly connectMs: number | null;
}

/** By the kernel's own measurement, else by how long connecting took; null where neither is known. */
export function roundTripMs({
  latest,
  connectMs,
}: Pick<Seen, "latest" | "connectMs">): number | null {
  return latest?.rttMs ?? connectMs;
}

/** Bytes were acknowledged or came; without TCP_INFO, whether this program has read any. */
export function hasMoved(
  { latest: info, movedInfo, movedReadBytes }: Omit<Seen, "connectMs">,
  readBytes: number,
): boolean {
  if (info === null) return readBytes !== movedReadBytes;
  if (movedInfo === null) return true;
  return info.bytesAcked !== movedInfo.bytesAcked || info.bytesReceived !== movedInfo.bytesReceived;
}

/**
 * The next reading of a connection. The kernel's measure of segments goes back with small ones of one size
 * (tcp_measure_rcv_mss): what has arrived, has.
 */
export function newest(before: TcpInfo | null, info: TcpInfo | null): TcpInfo | null {
  if (before === null || info === null) return info ?? before;
  return { ...info, rcvMss: Math.max(before.rcvMss, info.rcvMss) };
}
