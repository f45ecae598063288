// Many small requests at once, so that their answers fill segments: a server whose every answer is small would else never show
// whether full-size segments arrive.
//
//  1. The requests go out in one segment that fits any path: what is tried here is the inbound half.
//  2. What comes is not acknowledged for less than the server's retransmission time-out: once its initial window is used up
//     (ten segments, RFC 6928), further answers wait in its socket, and leave it as full segments when the acknowledgement comes.

import type net from "node:net";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import type { Pipeline } from "./exchange-events.ts";
import { hostField, type WebOptions } from "./web-request.ts";

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
    const requests = requestsOf(options);
    stream.write(requests);
    // They were sent within the call; nothing that answers them is acknowledged.
    holdAcks(true);
    await sleep(HELD_MS);
    if (isOver()) return;
    holdAcks(false);
    stream.write(requests);
  };
  // A stream that fails tells so itself.
  run().catch(() => undefined);
}

/** As many as fit, and no field that is not needed (RFC 9112 s.3.2): the answers count, not what they say. */
function requestsOf(options: WebOptions): string {
  const request = `GET / HTTP/1.1\r\nHost: ${hostField(options)}\r\n\r\n`;
  return request.repeat(Math.max(1, Math.floor(WRITE_BYTES / request.length)));
}
