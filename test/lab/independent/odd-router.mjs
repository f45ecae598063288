// Answers for a router whose own time-exceeded messages are dropped: node odd-router.mjs DEVICE FAMILY ADDRESS HABIT
//
// Habits: "8" returns 8 bytes behind the IP header, "twice" answers everything twice, "late" when a probe
// to the next hop has come by, "reversed" hands out five answers in reverse order, "foreign" answers
// about probes of somebody else.
import { readFileSync } from "node:fs";
import koffi from "koffi";

const [device, family, address, habit] = process.argv.slice(2);
const isV4 = family === "4";
const BATCH = 5;

// linux/if_packet.h, linux/if_ether.h, linux/in.h
const AF_INET = 2;
const AF_INET6 = 10;
const AF_PACKET = 17;
const SOCK_RAW = 3;
const SOCK_DGRAM = 2;
const SOL_PACKET = 263;
const PACKET_IGNORE_OUTGOING = 23;
const ETH_P = isV4 ? 0x0800 : 0x86dd;
const MSG_DONTWAIT = 0x40;
const IPPROTO_ICMP = isV4 ? 1 : 58;

const libc = koffi.load(null);
const socket = libc.func("int socket(int, int, int)");
const bind = libc.func("int bind(int, const void *, uint32_t)");
const setsockopt = libc.func("int setsockopt(int, int, int, const void *, uint32_t)");
const recv = libc.func("long recv(int, void *, size_t, int)");
const sendto = libc.func("long sendto(int, const void *, size_t, int, const void *, uint32_t)");
const inetPton = libc.func("int inet_pton(int, const char *, void *)");

const swapped = ((ETH_P & 0xff) << 8) | (ETH_P >> 8);
const ears = socket(AF_PACKET, SOCK_DGRAM, swapped);
if (ears < 0) throw new Error(`AF_PACKET: errno ${koffi.errno()}`);
const one = Buffer.alloc(4);
one.writeInt32LE(1);
setsockopt(ears, SOL_PACKET, PACKET_IGNORE_OUTGOING, one, 4);
const at = Buffer.alloc(20);
at.writeUInt16LE(AF_PACKET, 0);
at.writeUInt16LE(swapped, 2);
at.writeInt32LE(Number(readFileSync(`/sys/class/net/${device}/ifindex`, "utf8")), 4);
if (bind(ears, at, 20) < 0) throw new Error(`bind: errno ${koffi.errno()}`);

const mouth = socket(isV4 ? AF_INET : AF_INET6, SOCK_RAW, IPPROTO_ICMP);
const own = Buffer.alloc(isV4 ? 16 : 28);
own.writeUInt16LE(isV4 ? AF_INET : AF_INET6, 0);
inetPton(isV4 ? AF_INET : AF_INET6, address, own.subarray(isV4 ? 4 : 8));
if (bind(mouth, own, own.length) < 0) throw new Error(`bind ${address}: errno ${koffi.errno()}`);

function checksum(bytes) {
  let sum = 0;
  for (let n = 0; n < bytes.length; n += 2) sum += (bytes[n] << 8) | (bytes[n + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** Time exceeded; the kernel writes ICMPv6's checksum. */
function expired(packet, quoted = packet) {
  const message = Buffer.concat([Buffer.alloc(8), quoted]);
  message[0] = isV4 ? 11 : 3;
  if (isV4) message.writeUInt16BE(checksum(message), 2);
  const to = Buffer.alloc(own.length);
  to.writeUInt16LE(own.readUInt16LE(0), 0);
  if (isV4) packet.copy(to, 4, 12, 16);
  else packet.copy(to, 8, 8, 24);
  // An error that is pending on the socket is told once, by a call that then sends nothing.
  for (let tries = 0; tries < 2; tries++) {
    if (sendto(mouth, message, message.length, 0, to, to.length) >= 0) return;
  }
  throw new Error(`sendto: errno ${koffi.errno()}`);
}

const header = isV4 ? 20 : 40;
const altered = (packet, offset) => {
  const copy = Buffer.from(packet);
  copy[offset] ^= 0x55;
  return copy;
};

/** Original datagrams of probes that we could have sent, but did not, and one that is too short to decide. */
function foreign(packet) {
  const protocol = packet[isV4 ? 9 : 6];
  const target = header - 1;
  const from = header + (protocol === IPPROTO_ICMP ? 5 : 1);
  const mark = header + (protocol === 6 ? 7 : 15);
  const short = packet.subarray(0, header + 8);
  expired(packet, altered(packet, mark));
  expired(packet, altered(altered(packet, from), target));
  expired(packet, altered(altered(short, from), header + 7));
  expired(packet, altered(altered(short, target), header + 7));
  expired(packet, packet.subarray(0, header + 4));
}

const waiting = [];

function answer(packet) {
  switch (habit) {
    case "8":
      return expired(packet, packet.subarray(0, header + 8));
    case "twice":
      expired(packet);
      return expired(packet);
    case "late":
      return void waiting.push(packet);
    case "reversed":
      waiting.unshift(packet);
      if (waiting.length === BATCH) for (const each of waiting.splice(0)) expired(each);
      return undefined;
    case "foreign":
      return foreign(packet);
    default:
      throw new Error(`no habit ${habit}`);
  }
}

const frame = Buffer.alloc(65536);

function take(packet) {
  // What is for a group (reports of MLD and IGMP) has a hop limit of 1 as well, and is no probe.
  const isGroup = isV4 ? packet[16] >= 0xe0 : packet[24] === 0xff;
  if (isGroup) return;
  const ttl = packet[isV4 ? 8 : 7];
  if (ttl === 1) answer(packet);
  else if (ttl === 2 && habit === "late") for (const each of waiting.splice(0)) expired(each);
}

function turn() {
  for (let size = recv(ears, frame, frame.length, MSG_DONTWAIT); size > 0; ) {
    take(Buffer.from(frame.subarray(0, Number(size))));
    size = recv(ears, frame, frame.length, MSG_DONTWAIT);
  }
  setTimeout(turn, 1);
}

turn();
process.stdout.write("ready\n");
process.stdin.on("end", () => process.exit()).resume();
