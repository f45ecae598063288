// Connections of our own sockets as Node's streams: Node opens its sockets and connects them in one call, too early for a mark.

import type { Clock } from "../../src/clock.ts";
import type { Wire } from "./connection.ts";
import { type ConnectDatagram, datagramConnector } from "./datagram.ts";
import type { Libc } from "./libc.ts";
import { familyOf } from "./sockaddr.ts";
import { openTcp, type TcpOpen, type TcpSocket } from "./tcp-socket.ts";

export interface ConnectOptions {
  readonly clock: Pick<Clock, "now" | "sleep">;
  readonly signal: AbortSignal;
  /** How long connecting may take; the kernel's own limit when absent. */
  readonly limitMs?: number;
}

/** @throws Error whose `code` is errno's name: ETIMEDOUT at the limit, ECANCELED where the signal ends it */
export type ConnectStream = (
  address: string,
  port: number,
  options: ConnectOptions,
) => Promise<Wire>;

/** Both kinds of socket, marked and bound alike. */
export interface Sockets {
  readonly datagram: ConnectDatagram;
  readonly stream: ConnectStream;
}

export function socketsOf(libc: Libc, zoneIndex: (address: string) => number): Sockets {
  return {
    datagram: datagramConnector(libc, zoneIndex),
    stream: streamConnector(libc, zoneIndex),
  };
}

/** Fast where a near host answers, and cheap where a far one is waited for. */
const POLL = [
  { untilMs: 50, everyMs: 1 },
  { untilMs: 500, everyMs: 5 },
] as const;
const LATE_POLL_MS = 20;

/** @param zoneIndex interface index of the zone in "fe80::1%eth0", 0 without one */
function streamConnector(libc: Libc, zoneIndex: (address: string) => number): ConnectStream {
  return async (address, port, options) => {
    const { clock, limitMs = Number.POSITIVE_INFINITY } = options;
    const to = { family: familyOf(address) ?? 4, address, port, zoneIndex: zoneIndex(address) };
    const socket = connecting(openTcp(libc, to, null));
    const startedMs = clock.now();
    for (;;) {
      const elapsedMs = clock.now() - startedMs;
      const state = stateOf(socket, elapsedMs >= limitMs, options.signal);
      if (state === "accepted") return socket.stream();
      if (state !== null) {
        socket.close();
        throw failure(state);
      }
      await clock.sleep(Math.min(pollMs(elapsedMs), limitMs - elapsedMs));
    }
  };
}

/** Null while it connects. Whatever has come by now counts, before the time is called over. */
function stateOf(socket: TcpSocket, over: boolean, signal: AbortSignal): string | null {
  const error = socket.takeError();
  if (error !== null) return error;
  if (socket.accepted()) return "accepted";
  if (signal.aborted) return "ECANCELED";
  return over ? "ETIMEDOUT" : null;
}

function connecting(opened: TcpOpen): TcpSocket {
  if (opened.kind === "connecting") return opened.socket;
  throw failure(opened.error);
}

function failure(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code });
}

/** How long to sleep before a socket is looked at again, by how long it has been waited for. */
export function pollMs(elapsedMs: number): number {
  return POLL.find(({ untilMs }) => elapsedMs < untilMs)?.everyMs ?? LATE_POLL_MS;
}
