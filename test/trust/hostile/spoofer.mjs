// Packets of somebody who sees none of the run: node spoofer.mjs HABIT FAMILY GUEST SITE RESOLVER COUNT
//
// Addresses, ports, sequence numbers, identifiers and cookies are guessed. Habits: "expired", "unreachable", "too-big" (ICMP errors),
// "reset", "accept" (TCP), "names" (answers of the name server), "echo" (replies).
import { randomInt } from "node:crypto";
import { isIPv6 } from "node:net";
import koffi from "koffi";

const [habit, family, guest, site, resolver, count] = process.argv.slice(2);
const isV4 = family === "4";
// linux/socket.h, linux/in.h; with IPPROTO_RAW the IP header is the sender's (raw(7), ipv6(7)).
const [AF, SOCK_RAW, IPPROTO_RAW] = [isV4 ? 2 : 10, 3, 255];
const [TCP, UDP, ICMP] = [6, 17, isV4 ? 1 : 58];
const libc = koffi.load(null);
const socket = libc.func("int socket(int, int, int)");
const sendto = libc.func("long sendto(int, const void *, size_t, int, const void *, uint32_t)");
const inetPton = libc.func("int inet_pton(int, const char *, void *)");

function bytesOf(address) {
  const bytes = Buffer.alloc(isV4 ? 4 : 16);
  inetPton(AF, address, bytes);
  return bytes;
}
const [GUEST, SITE, RESOLVER] = [guest, site, resolver].map(bytesOf);
const mouth = socket(AF, SOCK_RAW, IPPROTO_RAW);
if (mouth < 0) throw new Error(`no raw socket: errno ${koffi.errno()}`);
const to = Buffer.alloc(isV4 ? 16 : 28);
to.writeUInt16LE(AF, 0);
GUEST.copy(to, isV4 ? 4 : 8);

function checksum(...parts) {
  const bytes = Buffer.concat(parts);
  let sum = 0;
  for (let n = 0; n < bytes.length; n += 2) sum += (bytes[n] << 8) | (bytes[n + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** An IP packet; `at` is where its protocol's checksum stands. */
function packet(from, dest, protocol, body, at) {
  const head = Buffer.alloc(isV4 ? 20 : 40);
  if (isV4) {
    head.writeUInt8(0x45, 0);
    head.writeUInt16BE(20 + body.length, 2);
    head.writeUInt8(60, 8);
    head.writeUInt8(protocol, 9);
    from.copy(head, 12);
    dest.copy(head, 16);
    head.writeUInt16BE(checksum(head), 10);
  } else {
    head.writeUInt32BE(0x60000000, 0);
    head.writeUInt16BE(body.length, 4);
    head.writeUInt8(protocol, 6);
    head.writeUInt8(60, 7);
    from.copy(head, 8);
    dest.copy(head, 24);
  }
  const tail = Buffer.alloc(8);
  tail.writeUInt32BE(body.length, 0);
  tail.writeUInt8(protocol, 7);
  const pseudo = protocol === 1 ? [] : [from, dest, tail];
  body.writeUInt16BE(0, at);
  body.writeUInt16BE(checksum(...pseudo, body), at);
  return Buffer.concat([head, body]);
}

const port = () => randomInt(32_768, 61_000);
const random = (length) => Buffer.from(Array.from({ length }, () => randomInt(256)));
const pick = (list) => list[randomInt(list.length)];

function datagram(from, dest, source, target, content) {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(source, 0);
  head.writeUInt16BE(target, 2);
  head.writeUInt16BE(8 + content.length, 4);
  return packet(from, dest, UDP, Buffer.concat([head, content]), 6);
}

function segment(from, dest, source, target, flags) {
  const head = Buffer.alloc(20);
  head.writeUInt16BE(source, 0);
  head.writeUInt16BE(target, 2);
  random(8).copy(head, 4);
  head.writeUInt8(0x50, 12);
  head.writeUInt8(flags, 13);
  head.writeUInt16BE(65_535, 14);
  return packet(from, dest, TCP, head, 16);
}

/** What the guest may have sent: the mark of the tool's probes is known to everybody who has read its source. */
function guessed() {
  const mark = Buffer.concat([Buffer.from("WTRC"), random(4)]);
  return pick([
    () => datagram(GUEST, SITE, port(), 33_434, mark),
    () => segment(GUEST, SITE, port(), pick([80, 443]), 0x10),
  ])();
}

function error(from, type, code, rest) {
  const head = Buffer.alloc(8);
  head.writeUInt8(type, 0);
  head.writeUInt8(code, 1);
  head.writeUInt32BE(rest, 4);
  return packet(from, GUEST, ICMP, Buffer.concat([head, guessed()]), 2);
}

function response() {
  const head = Buffer.from(
    "00008180000100010000000003776562076578616d706c6504746573740000010001",
    "hex",
  );
  random(2).copy(head, 0);
  const record = Buffer.from("c00c000100010000003c0004cb007142", "hex");
  return Buffer.concat([head, record]);
}

const LIES = [0, 68, 296, 552, 600, 1000, 1279, 1300, 1400, 1499, 9000, 65_535];
const HABITS = {
  expired: () => error(pick([SITE, RESOLVER]), isV4 ? 11 : 3, 0, 0),
  unreachable: () => error(SITE, isV4 ? 3 : 1, pick(isV4 ? [0, 1, 3, 9, 13] : [0, 1, 3, 4]), 0),
  "too-big": () => error(SITE, isV4 ? 3 : 2, isV4 ? 4 : 0, pick(LIES)),
  reset: () => segment(SITE, GUEST, pick([80, 443]), port(), pick([0x04, 0x14])),
  accept: () => segment(SITE, GUEST, pick([80, 443]), port(), 0x12),
  names: () => datagram(RESOLVER, GUEST, 53, port(), response()),
  echo: () =>
    packet(
      SITE,
      GUEST,
      ICMP,
      Buffer.concat([Buffer.from([isV4 ? 0 : 129, 0, 0, 0]), random(20)]),
      2,
    ),
};
const make = HABITS[habit];
if (make === undefined || isIPv6(guest) === isV4) throw new Error(`no habit ${habit}`);

/** Spread over ten seconds, so that the whole run has its share. */
const TICK_MS = 10;
const TICKS = 1000;
let sent = 0;
function turn() {
  const upTo = Math.min(Number(count), sent + Math.ceil(Number(count) / TICKS));
  for (; sent < upTo; sent += 1) {
    const bytes = make();
    sendto(mouth, bytes, bytes.length, 0, to, to.length);
  }
  if (sent < Number(count)) setTimeout(turn, TICK_MS);
}
turn();
process.stdout.write("ready\n");
process.stdin.on("end", () => process.exit()).resume();
