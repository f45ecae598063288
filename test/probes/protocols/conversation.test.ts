// Conversations with what real servers sent, in any pieces, and with what no server of the protocol sends.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PROTOCOLS } from "../../../probes/protocols/protocols.ts";
import { begin, bytesOf, lines, play } from "./play.ts";
import { EHLO_REPLY, MYSQL_GREETING, SERVERS } from "./servers.ts";

const one = (message: Buffer) => Array.from(message, (byte) => Buffer.from([byte]));

describe.each(SERVERS)("$name", ({ protocol, messages, setting, expected }) => {
  test("is answered step by step", () => {
    expect(lines(play(protocol, messages, setting))).toEqual(expected);
  });

  test("is answered alike byte by byte", () => {
    expect(lines(play(protocol, messages, setting, one))).toEqual(expected);
  });

  test("is answered alike whatever two pieces a message comes in", () => {
    const longest = Math.max(...messages.map((message) => bytesOf(message).length));
    for (let at = 1; at < longest; at += 1) {
      const split = (message: Buffer) => [message.subarray(0, at), message.subarray(at)];
      expect(lines(play(protocol, messages, setting, split))).toEqual(expected);
    }
  });

  test("that stops anywhere is waited for, and not taken for another protocol", () => {
    for (const [n, message] of messages.entries()) {
      const cut = [...messages.slice(0, n), bytesOf(message).subarray(0, -1)];
      const last = play(protocol, cut, setting).at(-1);
      expect(["answered", "refused", "other-protocol"]).not.toContain(last?.kind);
    }
  });

  test("whose bytes are changed is answered, refused or waited for, and nothing is thrown", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(255), fc.nat(), (at, byte, which) => {
        const changed = messages.map(bytesOf).map((message, n) => {
          if (n !== which % messages.length) return message;
          const copy = Buffer.from(message);
          copy[at % copy.length] = byte;
          return copy;
        });
        play(protocol, changed, setting);
      }),
      { numRuns: 200 },
    );
  });
});

describe.each(Object.entries(PROTOCOLS))("%s", (_scheme, protocol) => {
  test("ends with the answer of a web server, or waits, and believes nothing of it", () => {
    const kinds = play(protocol, ["HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n"]).map(
      ({ kind }) => kind,
    );
    expect(kinds).not.toContain("answered");
    expect(kinds).not.toContain("refused");
    expect(kinds).not.toContain("greeting");
  });

  test("holds no more than a bounded part of what never ends", () => {
    const conversation = begin(protocol);
    let last = conversation.start().at(-1);
    if (last?.kind === "tls") last = conversation.secured().at(-1);
    const piece = Buffer.alloc(16_384, "a");
    for (let n = 0; n < 20 && last?.kind !== "other-protocol"; n += 1) {
      last = conversation.receive(piece).at(-1);
    }
    expect(last?.kind).toBe("other-protocol");
    expect(conversation.receive(piece)).toEqual([]);
  });

  test("takes any bytes without an error", () => {
    const setting = { padBytes: 3000 };
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), (pieces) => {
        play(
          protocol,
          pieces.map((piece) => Buffer.from(piece)),
          setting,
        );
      }),
      { numRuns: 100 },
    );
  });
});

test("a reply whose lines never end is given up", () => {
  const conversation = begin(PROTOCOLS.smtp);
  conversation.start();
  conversation.receive(Buffer.from("220 mail ESMTP\r\n"));
  const endless = Buffer.from("250-AGAIN\r\n".repeat(1000));
  const ends = Array.from({ length: 40 }, () => conversation.receive(endless)).flat();
  expect(lines(ends)).toEqual(["other-protocol answered with more than any message has"]);
});

test.each([
  ["smtp", ["220 mail ESMTP\r\n", EHLO_REPLY, "220 go\r\n250 injected\r\n"]],
  ["ftp", ["220 FTP\r\n", "234 go\r\n230 injected\r\n"]],
  ["imap", ["* OK\r\n", "* CAPABILITY STARTTLS\r\na1 OK\r\n", "a2 OK\r\n* injected\r\n"]],
  ["pop3", ["+OK\r\n", "+OK\r\nSTLS\r\n.\r\n", "+OK\r\n+OK injected\r\n"]],
  ["postgres", ["SR\0\0\0\x08\0\0\0\0"]],
] as const)("%s takes nothing that came before TLS for something inside it", (scheme, messages) => {
  const actions = play(PROTOCOLS[scheme], messages);
  expect(actions.map(({ kind }) => kind)).not.toContain("tls");
  expect(actions.at(-1)).toMatchObject({ kind: "other-protocol" });
});

test("the first line is there for a connection that ends too early", () => {
  const conversation = begin(PROTOCOLS.ssh);
  conversation.start();
  expect(conversation.firstLine()).toBeNull();
  conversation.receive(Buffer.from("no more"));
  expect(conversation.firstLine()).toBe("no more");
  conversation.receive(Buffer.from(" of you\r\nor me\r\n"));
  expect(conversation.firstLine()).toBe("no more of you");
});

test("nothing that a server sends is told at any length", () => {
  const long = "x".repeat(5000);
  const told = [
    ...play(PROTOCOLS.smtp, [`220 ${long}\r\n`]),
    ...play(PROTOCOLS.imap, [`${long}\r\n`]),
    ...play(PROTOCOLS.ssh, [`SSH-1.5-${long}\r\n`]),
    ...play(PROTOCOLS.mysql, [Buffer.concat([MYSQL_GREETING.subarray(0, 5), Buffer.from(long)])]),
  ];
  for (const line of lines(told)) expect(line.length).toBeLessThan(300);
});
