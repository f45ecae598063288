// One request over UDP, sent again until something that is read as an answer comes back.

import type { ProbeContext } from "../../src/probe.ts";
import type { ConnectDatagram, DatagramSocket } from "../native/datagram.ts";
import { pollMs } from "../native/streams.ts";

export interface DatagramExchange<T> {
  readonly address: string;
  readonly port: number;
  /** Milliseconds from the beginning. */
  readonly sendsAtMs: readonly number[];
  readonly waitMs: number;
  make(): Buffer;
  /** Undefined for what answers something else. */
  read(data: Buffer): T | undefined;
}

export type Ended<T> =
  | { readonly kind: "answer"; readonly value: T; readonly afterMs: number }
  /** By errno's name: an ICMP error, or this machine's own. */
  | { readonly kind: "error"; readonly error: string }
  | { readonly kind: "silent"; readonly waitedMs: number };

/** Ends with the first answer, the first error, the time or the run. */
export async function exchangeDatagrams<T>(
  connect: ConnectDatagram,
  exchange: DatagramExchange<T>,
  { clock, signal }: ProbeContext,
): Promise<Ended<T> & { readonly sent: number }> {
  const opened = connect(exchange.address, exchange.port);
  if (opened.kind === "failed") return { kind: "error", error: opened.error, sent: 0 };
  const { socket } = opened;
  const startedMs = clock.now();
  let sent = 0;
  try {
    for (;;) {
      const elapsedMs = clock.now() - startedMs;
      const read = readAll(socket, exchange, elapsedMs);
      if (read !== null) return { ...read, sent };
      if (signal.aborted || elapsedMs >= exchange.waitMs) {
        return { kind: "silent", waitedMs: elapsedMs, sent };
      }
      if ((exchange.sendsAtMs[sent] ?? Number.POSITIVE_INFINITY) <= elapsedMs) {
        sent += 1;
        const error = socket.send(exchange.make());
        if (error !== null) return { kind: "error", error, sent };
      }
      await clock.sleep(pollMs(elapsedMs));
    }
  } finally {
    socket.close();
  }
}

/** The first answer or error of what has come; null without one. */
function readAll<T>(
  socket: DatagramSocket,
  { read }: DatagramExchange<T>,
  elapsedMs: number,
): Ended<T> | null {
  for (let got = socket.receive(); got !== undefined; got = socket.receive()) {
    if ("error" in got) return { kind: "error", error: got.error };
    const value = read(got.data);
    const afterMs = Math.max(0, elapsedMs - got.waitedMs);
    if (value !== undefined) return { kind: "answer", value, afterMs };
  }
  return null;
}
