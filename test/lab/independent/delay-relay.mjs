// A wire that takes its time: node delay-relay.mjs DEVICE DEVICE DELAY-MS [exact] copies frames in both directions, with a delay.
// With "exact" it looks for frames without a pause, at the cost of a processor; else once in a millisecond or so.
import { readFileSync } from "node:fs";
import koffi from "koffi";

const [first, second, delay, exact] = process.argv.slice(2);
const DELAY_MS = Number(delay);

// linux/if_packet.h, linux/if_ether.h
const AF_PACKET = 17;
const SOCK_RAW = 3;
const ETH_P_ALL_BE = 0x0300;
const SOL_PACKET = 263;
const PACKET_IGNORE_OUTGOING = 23;
const MSG_DONTWAIT = 0x40;

const libc = koffi.load(null);
const socket = libc.func("int socket(int, int, int)");
const bind = libc.func("int bind(int, const void *, uint32_t)");
const setsockopt = libc.func("int setsockopt(int, int, int, const void *, uint32_t)");
const recv = libc.func("long recv(int, void *, size_t, int)");
const send = libc.func("long send(int, const void *, size_t, int)");

function open(device) {
  const fd = socket(AF_PACKET, SOCK_RAW, ETH_P_ALL_BE);
  if (fd < 0) throw new Error(`AF_PACKET: errno ${koffi.errno()}`);
  const one = Buffer.alloc(4);
  one.writeInt32LE(1);
  if (setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, one, 4) < 0) throw new Error("sockopt");
  const address = Buffer.alloc(20);
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeUInt16LE(ETH_P_ALL_BE, 2);
  address.writeInt32LE(Number(readFileSync(`/sys/class/net/${device}/ifindex`, "utf8")), 4);
  if (bind(fd, address, 20) < 0) throw new Error(`bind: errno ${koffi.errno()}`);
  return fd;
}

const sides = [open(first), open(second)];
const queue = [];
const frame = Buffer.alloc(65536);

function turn() {
  const now = performance.now();
  for (const [n, fd] of sides.entries()) {
    for (let size = recv(fd, frame, frame.length, MSG_DONTWAIT); size > 0; ) {
      const data = Buffer.from(frame.subarray(0, Number(size)));
      queue.push({ dueMs: now + DELAY_MS, to: sides[1 - n], data });
      size = recv(fd, frame, frame.length, MSG_DONTWAIT);
    }
  }
  while (queue[0] !== undefined && queue[0].dueMs <= now) {
    const { to, data } = queue.shift();
    send(to, data, data.length, 0);
  }
  if (exact === "exact") setImmediate(turn);
  else setTimeout(turn, 1);
}

turn();
process.stdout.write("ready\n");
process.stdin.on("end", () => process.exit()).resume();
