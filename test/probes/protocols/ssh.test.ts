// SSH: what is asked of which server, and what stands in place of its identification.

import { describe, expect, test } from "vitest";
import { PROTOCOLS } from "../../../probes/protocols/protocols.ts";
import { kexInit, packet, readKexInit } from "../../../probes/protocols/ssh-packet.ts";
import { lines, type Message, play, type Setting } from "./play.ts";
import { SSH_IDENTIFICATION, SSH_KEXINIT, SSH_REPLY } from "./servers.ts";

const zeros = (bytes: number) => Buffer.alloc(bytes);
const spoken = (messages: readonly Message[], setting?: Setting) =>
  lines(play(PROTOCOLS.ssh, messages, setting));
const payloads = (messages: readonly Message[], setting?: Setting) =>
  play(PROTOCOLS.ssh, messages, setting).flatMap((action) =>
    action.kind === "send" ? [action.bytes] : [],
  );

function serverKexInit(kex: readonly string[], keys: readonly string[] = ["rsa-sha2-512"]): Buffer {
  const rest = Array.from({ length: 8 }, () => ["x"]);
  return packet(kexInit([kex, keys, ...rest], zeros(16)), zeros);
}

const message = (number: number, body = zeros(0)) =>
  packet(Buffer.concat([Buffer.from([number]), body]), zeros);

test.each([
  ["sntrup761x25519-sha512@openssh.com", 1208, true],
  ["sntrup761x25519-sha512", 1208, true],
  ["diffie-hellman-group18-sha512", 1040, true],
  ["curve25519-sha256", 48, false],
  ["diffie-hellman-group14-sha1", 272, false],
])("%s is asked for with %i bytes where the server has nothing better", (name, bytes, large) => {
  const actions = spoken([SSH_IDENTIFICATION, serverKexInit(["unknown", name])]);
  expect(actions.at(-1)).toBe(`> ${bytes} bytes`);
  expect(actions.includes("large inbound")).toBe(large);
});

test("what makes the reply large is preferred", () => {
  const names = ["curve25519-sha256", "diffie-hellman-group18-sha512"];
  const actions = spoken([SSH_IDENTIFICATION, serverKexInit(names)]);
  expect(actions.slice(-2)).toEqual(["large inbound", "> 1040 bytes"]);
});

test("a number of the key exchange is positive and below the prime", () => {
  const kex = serverKexInit(["diffie-hellman-group18-sha512"]);
  const sent = payloads([SSH_IDENTIFICATION, kex]).at(-1);
  const first = sent?.readUInt8(4 + 1 + 1 + 4) ?? 0;
  expect(first & 0xc0).toBe(0x40);
});

test.each([
  ["no key exchange", serverKexInit(["ecdh-sha2-nistp521"])],
  ["no kind of host key", serverKexInit(["curve25519-sha256"], ["ssh-dss"])],
])("a server with %s in common has answered all the same", (_what, kex) => {
  const actions = spoken([SSH_IDENTIFICATION, kex]);
  expect(actions.at(-2)).toBe("> 40 bytes");
  expect(actions.at(-1)).toMatch(/^answered SSH-2\.0-OpenSSH/);
});

describe("before the identification", () => {
  test.each(["Exceeded MaxStartups", "Not allowed at this time"])("%j is a refusal", (line) => {
    expect(spoken([`${line}\r\n`]).slice(1)).toEqual([`greeting ${line}`, `refused ${line}`]);
  });

  test("other lines are passed over", () => {
    const actions = spoken(["Authorised users only.\r\n", "\r\n", SSH_IDENTIFICATION]);
    expect(actions[1]).toMatch(/^greeting SSH-2\.0-OpenSSH/);
  });

  test("lines without an end are no SSH", () => {
    const actions = spoken(["more\n".repeat(60)]);
    expect(actions.at(-1)).toBe("other-protocol answered, not in SSH: more");
  });

  test("an older version is an answer, and nothing more is asked", () => {
    expect(spoken(["SSH-1.5-old\n"]).slice(1)).toEqual([
      "greeting SSH-1.5-old",
      "answered SSH-1.5-old",
    ]);
    expect(spoken(["SSH-1.99-both\n"]).at(-1)).toBe("> 744 bytes");
  });
});

describe("a disconnect in place of a reply", () => {
  const reason = (number: number) => message(1, Buffer.from([0, 0, 0, number, 0, 0, 0, 0]));

  test.each([1, 7, 12])("refuses with reason %i", (number) => {
    expect(spoken([SSH_IDENTIFICATION, reason(number)]).at(-1)).toMatch(/^refused SSH-2\.0/);
  });

  test.each([2, 3, 11])("is an answer with reason %i", (number) => {
    const actions = spoken([SSH_IDENTIFICATION, SSH_KEXINIT, reason(number)]);
    expect(actions.at(-1)).toMatch(/^answered SSH-2\.0/);
  });
});

test("messages that say nothing are passed over", () => {
  const ignored = [message(2), message(3, zeros(4)), message(4, zeros(9))];
  const all = [SSH_IDENTIFICATION, ...ignored, SSH_KEXINIT, ...ignored, SSH_REPLY];
  expect(spoken(all)).toEqual(spoken([SSH_IDENTIFICATION, SSH_KEXINIT, SSH_REPLY]));
});

test.each([
  ["too long", Buffer.from([0, 0x80, 0, 0])],
  ["too short", Buffer.from([0, 0, 0, 1, 0])],
  ["all padding", Buffer.from([0, 0, 0, 5, 9, 0, 0, 0, 0])],
])("a packet that is %s is no SSH", (_what, bytes) => {
  const actions = spoken([SSH_IDENTIFICATION, bytes]);
  expect(actions.at(-1)).toMatch(/^other-protocol answered, not in SSH/);
});

test("lists that end beyond the message are no SSH", () => {
  const broken = message(20, Buffer.concat([zeros(16), Buffer.from([0, 0, 1, 0, 0x61])]));
  expect(spoken([SSH_IDENTIFICATION, broken]).at(-1)).toMatch(/^other-protocol/);
});

test("a padded message has the size that was asked for, names of at most 64 letters, and a limit", () => {
  const [, sent] = payloads([SSH_IDENTIFICATION], { padBytes: 3000 });
  expect(sent?.length).toBeGreaterThan(3000);
  expect(sent?.length).toBeLessThan(4000);
  expect((sent?.length ?? 0) % 8).toBe(0);
  const lists = sent === undefined ? null : readKexInit(sent.subarray(5));
  expect(lists?.kex[0]).toBe("sntrup761x25519-sha512@openssh.com");
  for (const name of lists?.kex ?? []) expect(name.length).toBeLessThanOrEqual(64);
  expect(new Set(lists?.kex).size).toBe(lists?.kex.length);
  const [, largest] = payloads([SSH_IDENTIFICATION], { padBytes: 1_000_000 });
  expect(largest?.length).toBeLessThanOrEqual(35_000);
  expect(spoken([SSH_IDENTIFICATION], { padBytes: 3000 })).toContain("large outbound");
});

test("the server's extensions are asked for, so that its reply fills a segment with a short host key too", () => {
  const [, sent] = payloads([SSH_IDENTIFICATION]);
  expect(sent === undefined ? null : readKexInit(sent.subarray(5))?.kex).toContain("ext-info-c");
});
