// A protocol's conversation on a connected socket, with the TLS handshake where the conversation has one.

import { randomBytes } from "node:crypto";
import { CLOSED, REFUSED } from "../../src/facts/connection/attempt.ts";
import type { TcpResult } from "../../src/schema/events/tcp.ts";
import type { Wire } from "../native/connection.ts";
import { type Action, createConversation, type Protocol } from "../protocols/conversation.ts";
import type { Exchange, ExchangeEvents, ExchangeOptions } from "./exchange-events.ts";
import { sendHeld } from "./pipeline.ts";
import { certificateFacts } from "./tls-certificate.ts";
import { CLOSED_EARLY, onFailure, secure } from "./tls-client.ts";

/** What is sent before sizes are known fits any path: no more at once goes into one segment. */
const SMALL_BYTES = 500;
/** For the server to close its side, once the conversation is over. */
const CLOSE_MS = 1000;
const NO_FIELDS = { altSvc: null, location: null, date: null };

/** @param early what came before anybody knew of which protocol it is */
export function startConversation(
  socket: Wire,
  protocol: Protocol,
  options: ExchangeOptions,
  events: ExchangeEvents,
  early?: Buffer,
): Exchange {
  const { host, path, padBytes, pipeline = null } = options;
  const long = pipeline !== null;
  const terms = { host, path, padBytes, long, random: randomBytes };
  const conversation = createConversation(protocol, terms);
  let stream: Wire = socket;
  let over = false;
  let isWhole = false;

  const end = (result: TcpResult | null) => {
    if (over) return;
    over = true;
    events.ended(result);
  };

  const perform = (action: Action) => {
    switch (action.kind) {
      case "send":
        for (const piece of pieces(action.bytes, padBytes)) stream.write(piece);
        return;
      case "send-many":
        if (pipeline !== null) sendHeld(stream, action, pipeline, events, () => over);
        else stream.write(Buffer.concat([action.many, action.last]));
        return;
      case "greeting":
      case "large":
        events.talked(action);
        return;
      case "tls":
        events.talked(action);
        handshake();
        return;
      case "answered":
        isWhole = true;
        stream.end();
        events.answered(action.detail, NO_FIELDS);
        end(null);
        return;
      case "refused":
        end({ kind: "failed", code: REFUSED, detail: action.detail });
        return;
      case "other-protocol":
        end(action);
    }
  };

  const act = (actions: readonly Action[]) => {
    for (const action of actions) if (!over) perform(action);
  };

  const follow = () => {
    stream.on("data", (bytes: Buffer) => act(conversation.receive(bytes)));
    onFailure(stream, end);
    stream.on("close", () => end(closedAfter(conversation.firstLine())));
  };

  const handshake = () => {
    socket.removeAllListeners();
    const secured = secure(socket, options, []);
    stream = secured;
    follow();
    secured.on("secureConnect", () => {
      if (over) return;
      events.secured(options.verify ? certificateFacts(secured) : null);
      act(conversation.secured());
    });
  };

  socket.setNoDelay(true);
  follow();
  act(conversation.start());
  if (early !== undefined) act(conversation.receive(early));
  return {
    readBytes: () => socket.bytesRead,
    destroy: () => {
      over = true;
      // The last words are on their way: the server hears them, and closes.
      if (isWhole) setTimeout(() => socket.destroy(), CLOSE_MS).unref();
      else {
        stream.destroy();
        socket.destroy();
      }
    },
  };
}

/** Each becomes a segment of its own, unless a large message is what is tried. */
function pieces(bytes: Buffer, padBytes: number | null): readonly Buffer[] {
  if (padBytes !== null) return [bytes];
  const count = Math.ceil(bytes.length / SMALL_BYTES);
  return Array.from({ length: count }, (_, n) =>
    bytes.subarray(n * SMALL_BYTES, (n + 1) * SMALL_BYTES),
  );
}

function closedAfter(line: string | null): TcpResult {
  return line === null
    ? CLOSED_EARLY
    : { kind: "failed", code: CLOSED, detail: `closed after: ${line}` };
}
