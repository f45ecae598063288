// A server by hand: what it sends, message by message, whole or in pieces, and what a conversation makes of it.

import {
  type Action,
  type Conversation,
  createConversation,
  type Protocol,
} from "../../../probes/protocols/conversation.ts";

export type Message = string | Buffer;

export interface Setting {
  readonly path?: string;
  readonly padBytes?: number;
  readonly long?: boolean;
}

export function begin(
  protocol: Protocol,
  { path = "/", padBytes, long = false }: Setting = {},
): Conversation {
  return createConversation(protocol, {
    host: "server.example.test",
    path,
    padBytes: padBytes ?? null,
    long,
    random: (bytes) => Buffer.alloc(bytes, 0xa5),
  });
}

/** Each message comes when all that could be sent was sent; TLS begins and ends where it may. */
export function play(
  protocol: Protocol,
  messages: readonly Message[],
  setting: Setting = {},
  split: (message: Buffer) => readonly Buffer[] = (message) => [message],
): readonly Action[] {
  const conversation = begin(protocol, setting);
  const actions: Action[] = [];
  const take = (some: readonly Action[]) => {
    actions.push(...some);
    if (some.at(-1)?.kind === "tls") take(conversation.secured());
  };
  take(conversation.start());
  for (const message of messages) {
    for (const piece of split(bytesOf(message))) take(conversation.receive(piece));
  }
  return actions;
}

export function bytesOf(message: Message): Buffer {
  return Buffer.isBuffer(message) ? message : Buffer.from(message, "latin1");
}

/** Each action in a line: text that is sent as it is, anything else by its length. */
export function lines(actions: readonly Action[]): readonly string[] {
  return actions.map((action) => {
    switch (action.kind) {
      case "send-many":
        return `> ${action.many.length + action.last.length} bytes`;
      case "send": {
        const text = action.bytes.toString("latin1");
        return /^[\x20-\x7e\r\n]{1,40}$/.test(text) ? `> ${text.trim()}` : `> ${text.length} bytes`;
      }
      case "greeting":
        return `greeting ${action.line}`;
      case "large":
        return `large ${action.direction}`;
      case "tls":
        return "tls";
      default:
        return `${action.kind} ${action.detail}`;
    }
  });
}
