// Many small requests at once, so that their answers fill segments: a server whose every answer is small would else never show
// whether full-size segments arrive.
//
//  1. The requests go out in one segment that fits any path: what is tried here is the inbound half.
//  2. What comes is not acknowledged for less than the server's retransmission time-out: once its initial window is used up
//     (ten segments, RFC 6928), further answers wait in its socket, and leave it as full segments when the acknowledgement comes.

import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import type { Wire } from "../native/connection.ts";
import type { ExchangeEvents, Pipeline } from "./exchange-events.ts";
import { hostField, requestText, type WebOptions } from "./web-request.ts";

/** With TLS, TCP's options and all headers below the least MTU of IPv6 (RFC 8200 s.5). */
const WRITE_BYTES = 1150;
/** Linux retransmits after 200 ms at the earliest (TCP_RTO_MIN, net/tcp.h). */
const HELD_MS = 100;

export interface Requests {
  /** In one segment that fits any path. */
  readonly many: string | Buffer;
  /** A single one: answers of one size in a row, held back, would else be all that comes. */
  readonly last: string | Buffer;
}

/** @param isOver whether the stream is another's by now, or gone */
export function sendHeld(
  stream: Wire,
  { many, last }: Requests,
  { holdAcks }: Pipeline,
  { talked }: Pick<ExchangeEvents, "talked">,
  isOver: () => boolean,
): void {
  const hold = (held: boolean) => {
    holdAcks(held);
    talked({ kind: "held", held });
  };
  const run = async () => {
    stream.setNoDelay(true);
    // What the handshake has left to write goes first: behind it, this would be sent in a later call.
    await setImmediate();
    if (isOver()) return;
    stream.write(many);
    // They were sent within the call; nothing that answers them is acknowledged.
    hold(true);
    await sleep(HELD_MS);
    if (isOver()) return;
    hold(false);
    stream.write(last);
  };
  // A stream that fails tells so itself.
  run().catch(() => undefined);
}

/** The web's: no field that is not needed (RFC 9112 s.3.2), as the answers count, not what they say. */
export function manyRequests(options: WebOptions): Requests {
  const request = `GET / HTTP/1.1\r\nHost: ${hostField(options)}\r\n\r\n`;
  const many = request.repeat(Math.max(1, Math.floor(WRITE_BYTES / request.length)));
  return { many, last: requestText(options) };
}
