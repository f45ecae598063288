// What servers answer: name servers, the web, proxies, and the protocols that are spoken.

import assert from "node:assert/strict";
import { encode } from "dns-packet";
import { readAnswer } from "../../../../probes/dns/message.ts";
import type { Action } from "../../../../probes/protocols/conversation.ts";
import { PROTOCOLS, type SpokenScheme } from "../../../../probes/protocols/protocols.ts";
import { connectTo, connectTo4, login, methodOffer } from "../../../../probes/proxy/greeting.ts";
import { altNames } from "../../../../probes/tcp/tls-certificate.ts";
import { fieldsOf, statusLine } from "../../../../probes/tcp/web-request.ts";
import { play } from "../../../probes/protocols/play.ts";
import type { Decoder } from "../decoder.ts";

const ID = 0x1234;
const NAME = "www.example.test";
const QUESTION = { server: "192.0.2.53", name: NAME, type: "A" } as const;

/** As the server's answer with that very id. */
const answerTo = (bytes: Buffer) => {
  if (bytes.length >= 2) bytes.writeUInt16BE(ID, 0);
  return readAnswer(bytes, QUESTION, ID);
};

function dnsSurvives(bytes: Buffer): void {
  const outcome = answerTo(bytes);
  if (outcome?.kind !== "answer") return;
  const { addresses } = outcome;
  const message = encode({
    type: "response",
    id: ID,
    questions: [{ type: "A", name: NAME }],
    answers: addresses.map((data) => ({ type: "A", name: NAME, data })),
  });
  assert.deepEqual(readAnswer(message, QUESTION, ID), {
    ...outcome,
    rcode: "NOERROR",
    truncated: false,
    sizeBytes: message.length,
  });
}

/** Pieces as they may come: each split at a byte that the input itself names. */
function pieces(bytes: Buffer): readonly Buffer[] {
  const at = bytes.length === 0 ? 0 : (bytes[0] ?? 0) % bytes.length;
  return at === 0 ? [bytes] : [bytes.subarray(0, at), bytes.subarray(at)];
}

const MOST_ACTIONS = 1000;

function conversation(scheme: SpokenScheme): Decoder {
  return {
    name: scheme,
    kind: "bytes",
    decode: (bytes) => {
      const actions: readonly Action[] = play(PROTOCOLS[scheme], [bytes], { long: true }, pieces);
      assert(actions.length < MOST_ACTIONS);
      return actions.map(({ kind, ...more }) => ({
        kind,
        ...("detail" in more ? { detail: more.detail } : {}),
      }));
    },
  };
}

const SPOKEN: readonly SpokenScheme[] = [
  "ssh",
  "smtp",
  "imap",
  "pop3",
  "ftp",
  "git",
  "mysql",
  "postgres",
];

export const SERVERS: readonly Decoder[] = [
  { name: "dns", kind: "bytes", decode: answerTo, survives: (_, bytes) => dnsSurvives(bytes) },
  {
    name: "http",
    kind: "bytes",
    decode: (bytes) => ({ line: statusLine(bytes), fields: fieldsOf(bytes) }),
  },
  { name: "alt-names", kind: "text", decode: (bytes) => altNames(bytes.toString("utf8")) },
  {
    name: "socks",
    kind: "bytes",
    decode: (bytes) =>
      [methodOffer(true), login("a:b"), connectTo(NAME, 443), connectTo4(NAME, 443, null)].map(
        (greeting) => greeting.read(bytes),
      ),
  },
  ...SPOKEN.map(conversation),
];
