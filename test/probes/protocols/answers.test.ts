// Answers other than the usual ones: refusals, servers without TLS, padded messages, and greetings on unknown ports.

import { describe, expect, test } from "vitest";
import {
  PROTOCOLS,
  type SpokenScheme,
  schemeOfGreeting,
} from "../../../probes/protocols/protocols.ts";
import { lines, type Message, play, type Setting } from "./play.ts";
import { MYSQL_GREETING, POP3_CAPABILITIES, SSH_IDENTIFICATION } from "./servers.ts";

const spoken = (scheme: SpokenScheme, messages: readonly Message[], setting?: Setting) =>
  lines(play(PROTOCOLS[scheme], messages, setting));
const latin = (text: string) => Buffer.from(text, "latin1");

test.each([
  ["smtp", ["421 4.3.2 too busy\r\n"], "421 4.3.2 too busy"],
  ["smtp", ["554-no\r\n554 mail for you\r\n"], "554-no"],
  ["smtp", ["220 hi\r\n", "421 4.7.0 slow down\r\n"], "421 4.7.0 slow down"],
  ["ftp", ["421 Too many users\r\n"], "421 Too many users"],
  ["imap", ["* BYE too many connections\r\n"], "* BYE too many connections"],
  ["pop3", ["-ERR [SYS/TEMP] no\r\n"], "-ERR [SYS/TEMP] no"],
  [
    "mysql",
    [latin("\x19\0\0\0\xff\x10\x04Too many connections..")],
    "error 1040: Too many connections..",
  ],
  ["postgres", ["N", latin("E\0\0\0\x22SFATAL\0C53300\0Mtoo many\0\0......")], "FATAL: too many"],
] as const)("%s: %j refuses the connection", (scheme, messages, line) => {
  expect(spoken(scheme, messages).at(-1)).toBe(`refused ${line}`);
});

test.each([
  [
    "mysql",
    [latin("\x19\0\0\0\xffj\x04Host is not allowed xx")],
    "error 1130: Host is not allowed xx",
  ],
  ["postgres", ["N", latin("E\0\0\0\x1cSFATAL\0C28000\0Mno\0\0.....")], "FATAL: no"],
] as const)("%s: %j refuses what was asked for, which is an answer", (scheme, messages, line) => {
  expect(spoken(scheme, messages).at(-1)).toBe(`answered ${line}`);
});

describe("a server without TLS", () => {
  test("SMTP", () => {
    const actions = spoken("smtp", ["220 hi\r\n", "250 hi\r\n"]);
    expect(actions.slice(1)).toEqual(["> EHLO wsl-trace.invalid", "> QUIT", "answered 220 hi"]);
  });

  test("SMTP that takes its offer back", () => {
    const actions = spoken("smtp", ["220 hi\r\n", "250-hi\r\n250 STARTTLS\r\n", "454 not now\r\n"]);
    expect(actions.slice(-2)).toEqual(["> QUIT", "answered 220 hi"]);
  });

  test("FTP, after a wait", () => {
    const actions = spoken("ftp", ["120 soon\r\n", "220 hi\r\n", "530 log in first\r\n"]);
    expect(actions).toEqual(["greeting 220 hi", "> AUTH TLS", "> QUIT", "answered 220 hi"]);
  });

  test("IMAP", () => {
    const actions = spoken("imap", ["* OK hi\r\n", "* CAPABILITY IMAP4rev1\r\na1 OK\r\n"]);
    expect(actions.slice(-2)).toEqual(["large inbound", "> 470 bytes"]);
  });

  test("IMAP that knows its user", () => {
    const messages = ["* PREAUTH hi\r\n", "* CAPABILITY IMAP4rev1 STARTTLS\r\na1 OK\r\n"];
    expect(spoken("imap", messages)).not.toContain("> a2 STARTTLS");
  });

  test("POP3 without capabilities", () => {
    const actions = spoken("pop3", ["+OK hi\r\n", "-ERR what\r\n"]);
    expect(actions).toEqual(["greeting +OK hi", "> CAPA", "> QUIT", "answered +OK hi"]);
  });

  test("POP3 is not sent several commands at once unless it says so", () => {
    const messages = ["+OK hi\r\n", POP3_CAPABILITIES.replace("PIPELINING\r\n", ""), "-ERR\r\n"];
    expect(spoken("pop3", messages).slice(-2)).toEqual(["> QUIT", "answered +OK hi"]);
  });
});

describe("MySQL", () => {
  /** The capabilities stand behind the version (33 bytes with its end), a number, a salt and a filler. */
  const LOWER = 4 + 1 + 33 + 13;
  const withTls = Buffer.from(MYSQL_GREETING);
  withTls.writeUInt16LE(withTls.readUInt16LE(LOWER) | 0x800, LOWER);

  test("asks for TLS only where the server has it", () => {
    expect(spoken("mysql", [withTls]).slice(1)).toEqual([
      "> 36 bytes",
      "large inbound",
      "tls",
      "> 93 bytes",
    ]);
    expect(spoken("mysql", [MYSQL_GREETING])).not.toContain("tls");
  });

  test("numbers its packets as the server does", () => {
    const numbers = play(PROTOCOLS.mysql, [withTls]).flatMap((action) =>
      action.kind === "send" ? [action.bytes.readUInt8(3)] : [],
    );
    expect(numbers).toEqual([1, 2]);
  });

  test("answers a change of the method, and goes in order where it is let in", () => {
    const change = Buffer.concat([latin("\x1b\0\0\x02\xfe"), latin("caching_sha2_password\0abcd")]);
    const more = latin("\x02\0\0\x04\x01\x03");
    const ok = latin("\x07\0\0\x05\0\0\0\x02\0\0\0");
    expect(spoken("mysql", [MYSQL_GREETING, change, more, ok]).slice(2)).toEqual([
      "> 4 bytes",
      "> 5 bytes",
      "answered 5.5.5-10.11.19-MariaDB-0+deb12u1",
    ]);
  });
});

test.each([
  ["git", [], 3000, 61_600],
  ["mysql", [MYSQL_GREETING], 3000, 33_000],
  ["postgres", ["N"], 3000, 10_000],
] as const)("%s pads its first large message, to a limit", (scheme, messages, padBytes, limit) => {
  const sizes = (bytes: number) =>
    play(PROTOCOLS[scheme], messages, { padBytes: bytes }).flatMap((action) =>
      action.kind === "send" ? [action.bytes.length] : [],
    );
  expect(Math.max(...sizes(padBytes))).toBeGreaterThan(padBytes);
  expect(Math.max(...sizes(1_000_000))).toBeLessThanOrEqual(limit);
  expect(spoken(scheme, messages, { padBytes })).toContain("large outbound");
});

describe("where the answer is to be long", () => {
  const sent = (scheme: SpokenScheme, messages: readonly Message[], setting: Setting) =>
    play(PROTOCOLS[scheme], messages, setting).flatMap((action) =>
      action.kind === "send" ? [action.bytes.toString("latin1")] : [],
    );

  test("git is asked for a name that the refusal repeats, whatever the URL names", () => {
    const [request = ""] = sent("git", [], { long: true, path: "/repository.git" });
    expect(request).toMatch(/^[0-9a-f]{4}git-upload-pack \/wsl-trace-no-such-repository-n{2000}\0/);
    expect(spoken("git", [], { long: true })).toContain("large inbound");
  });

  test("PostgreSQL is given an option that it repeats, and goes on behind that", () => {
    const name = "_pq_.wsl_trace";
    const body = Buffer.concat([Buffer.from([0, 3, 0, 0, 0, 0, 0, 1]), latin(`${name}\0`)]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length + 4);
    const unknown = Buffer.concat([latin("v"), length, body]);
    const request = Buffer.from("R\0\0\0\x08\0\0\0\x03", "latin1");
    const [, startup = ""] = sent("postgres", ["N", unknown, request], { long: true });
    expect(startup).toContain(`${name}_${"n".repeat(2000)}\0\0application_name`);
    expect(spoken("postgres", ["N", unknown, request], { long: true }).slice(-2)).toEqual([
      "greeting authentication request",
      "answered authentication request",
    ]);
  });

  test("an FTP server is asked for its features again and again, in one small segment", () => {
    const answer = "211-Features:\r\n UTF8\r\n211 End\r\n";
    const messages = ["220 hello\r\n", "530 no\r\n", answer.repeat(29), answer];
    expect(spoken("ftp", messages, { long: true })).toEqual([
      "greeting 220 hello",
      "> AUTH TLS",
      "large inbound",
      "> 180 bytes",
      "> QUIT",
      "answered 220 hello",
    ]);
    expect(spoken("ftp", messages)).not.toContain("large inbound");
  });
});

test("whoever begins TLS leaves the padding to the hello", () => {
  const actions = spoken("postgres", ["S"], { padBytes: 3000 });
  expect(actions).toEqual(["> 8 bytes", "large inbound", "large outbound", "tls", "> 51 bytes"]);
});

test.each([
  [SSH_IDENTIFICATION, "ssh"],
  ["220 server.example.test ESMTP Postfix\r\n", "smtp"],
  ["220 (vsFTPd 3.0.3)\r\n", "ftp"],
  ["* OK [CAPABILITY IMAP4rev1] ready\r\n", "imap"],
  ["+OK Dovecot ready.\r\n", "pop3"],
  [MYSQL_GREETING, "mysql"],
  ["HTTP/1.1 400 Bad Request\r\n", null],
  ["RFB 003.008\n", null],
  ["", null],
] as const)("the greeting %j is of %s", (greeting, scheme) => {
  expect(schemeOfGreeting(Buffer.from(greeting))).toBe(scheme);
});
