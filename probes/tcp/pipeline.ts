// Many small requests at once, so that their answers fill segments: a server whose every answer is small would else never show
// whether full-size segments arrive.
//
//  1. The requests go out in one segment that fits any path: what is tried here is the inbound half.
//  2. What comes is not acknowledged for less than the server's retransmission time-out: once its initial window is used up
//     (ten segments, RFC 6928), further answers wait in its socket, and leave it as full segments when the acknowledgement comes.

import type net from "node:net";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import type { Pipeline } from "./exchange-events.ts";
import { hostField, requestText, type WebOptions } from "./web-request.ts";

/** With TLS, TCP's options and all headers below the least MTU of IPv6 (RFC 8200 s.5). */
const WRITE_BYTES = 1150;
/** Linux retransmits after 200 ms at the earliest (TCP_RTO_MIN, net/tcp.h). */
const HELD_MS = 100;

/** @param isOver whether the stream is another's by now, or gone */
export function startPipeline(
  stream: net.Socket,
  options: WebOptions,
  { holdAcks }: Pipeline,
  isOver: () => boolean,
): void {
  const run = async () => {
    stream.setNoDelay(true);
    // What the handshake has left to write goes first: behind it, this would be sent in a later call.
    await setImmediate();
    const request = requestOf(options);
    stream.write(request.repeat(Math.max(1, Math.floor(WRITE_BYTES / request.length))));
    // They were sent within the call; nothing that answers them is acknowledged.
    holdAcks(true);
    await sleep(HELD_MS);
    if (isOver()) return;
    holdAcks(false);
    // A single one, and the last: answers of one size in a row would take the kernel's measure back to that size
    // (tcp_measure_rcv_mss).
    stream.write(requestText(options));
  };
  // A stream that fails tells so itself.
  run().catch(() => undefined);
}

/** No field that is not needed (RFC 9112 s.3.2): the answers count, not what they say. */
function requestOf(options: WebOptions): string {
  return `GET / HTTP/1.1\r\nHost: ${hostField(options)}\r\n\r\n`;
}
