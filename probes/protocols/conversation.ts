// A conversation with a server as a state machine without a socket: bytes in, things to send and to report out.
//
// Each protocol is a generator that yields what is to be done next, and null while it needs more bytes than have come.

import { createInbox, type Inbox } from "./inbox.ts";

export type Direction = "inbound" | "outbound";

/** How a conversation ends; what the server said is in its own words, at most MAX_LINE_CHARS of them. */
export type Ending =
  /** The protocol's own answer, whatever it says of what was asked for. */
  | { readonly kind: "answered"; readonly detail: string }
  /** The server speaks the protocol, and refuses the connection itself. */
  | { readonly kind: "refused"; readonly detail: string }
  | { readonly kind: "other-protocol"; readonly detail: string };

export type Action =
  | { readonly kind: "send"; readonly bytes: Buffer }
  /** Commands that are answered one by one, and the last of them, which may follow later. */
  | { readonly kind: "send-many"; readonly many: Buffer; readonly last: Buffer }
  /** The server's first line. */
  | { readonly kind: "greeting"; readonly line: string }
  /** What is sent or asked for next fills segments of the usual sizes. */
  | { readonly kind: "large"; readonly direction: Direction }
  /** A TLS handshake may begin; `secured` says that it is over. */
  | { readonly kind: "tls" }
  | Ending;

export type Talk<Result> = Generator<Action | null, Result, undefined>;

/** What a protocol is given. */
export interface Terms {
  readonly inbox: Inbox;
  readonly host: string;
  /** What the URL names behind the host; "/" for nothing. */
  readonly path: string;
  /** Our first large message has at least so many bytes; null: everything fits in small segments. */
  readonly padBytes: number | null;
  /** Whether the answers are to fill segments, by whatever the protocol has for it, and not only where they do anyway. */
  readonly long: boolean;
  random(bytes: number): Buffer;
}

export type Protocol = (terms: Terms) => Talk<Ending>;

export interface Conversation {
  start(): readonly Action[];
  receive(bytes: Buffer): readonly Action[];
  /** The handshake is over: what comes now came through TLS. */
  secured(): readonly Action[];
  /** The beginning of what came, for a connection that ends too early; null when nothing did. */
  firstLine(): string | null;
}

/** No message of these protocols is as long; the rest of the server's bytes would be held for nothing. */
const MAX_WAITING_BYTES = 65_536;
/** Of all messages together: nothing that is asked for comes near it. */
const MAX_TOTAL_BYTES = 262_144;

/** @param terms everything but the inbox, which the conversation fills itself */
export function createConversation(protocol: Protocol, terms: Omit<Terms, "inbox">): Conversation {
  const inbox = createInbox();
  const talk = protocol({ ...terms, inbox });
  let phase: "talking" | "handshake" | "over" = "talking";

  const end = (ending: Ending): Ending => {
    phase = "over";
    return ending;
  };

  const next = (): Action | null => {
    const { done, value } = talk.next();
    if (done === true) return end(value);
    if (value === null && inbox.size() > MAX_WAITING_BYTES) return end(TOO_LONG);
    if (value?.kind === "tls") {
      // Nobody encrypted it, and a client that kept it would take it for the server's own.
      if (inbox.size() > 0) return end(EARLY_BYTES);
      phase = "handshake";
    }
    return value;
  };

  const advance = (): readonly Action[] => {
    const actions: Action[] = [];
    while (phase === "talking") {
      const action = next();
      if (action === null) break;
      actions.push(action);
    }
    return actions;
  };

  return {
    start: advance,
    receive: (bytes) => {
      if (phase === "over") return [];
      if (inbox.total() + bytes.length > MAX_TOTAL_BYTES) return [end(TOO_LONG)];
      inbox.add(bytes);
      return advance();
    },
    secured: () => {
      if (phase !== "handshake") return [];
      phase = "talking";
      return advance();
    },
    firstLine: inbox.firstLine,
  };
}

const TOO_LONG: Ending = {
  kind: "other-protocol",
  detail: "answered with more than any message has",
};
const EARLY_BYTES: Ending = {
  kind: "other-protocol",
  detail: "answered with more than its consent to TLS, and not in TLS",
};
