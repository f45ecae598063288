// A name server that answers as none should: node names.mjs HABIT ADDRESS NAME A
import dgram from "node:dgram";
import net from "node:net";
import { decode, encode } from "dns-packet";

const [habit, address, name, a] = process.argv.slice(2);
const ESCAPES = "\u001b]0;taken\u0007\u001b[2J";
const LATE_MS = 700;
const HEADER = 12;

function answerTo(query, records) {
  return {
    type: "response",
    id: query.id,
    flags: 1 << 10,
    questions: query.questions,
    answers: records,
  };
}

function rightRecords({ questions: [{ type, name: wanted }] }) {
  if (type !== "A" || wanted.toLowerCase() !== name) return [];
  return [{ type, name: wanted, ttl: 60, data: a }];
}

/** 3000 records in 48 kB: each name is a pointer to the question's (RFC 1035 s.4.1.4), which the encoder of tests does not make. */
function manyRecords(query) {
  const bytes = right(query);
  const own = rightRecords(query).length;
  if (own === 0) return bytes;
  const more = Array.from({ length: 2999 }, (_, n) =>
    Buffer.from([0xc0, HEADER, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 91, 201 + (n >> 8), n & 255]),
  );
  return changed(Buffer.concat([bytes, ...more]), (whole) => whole.writeUInt16BE(3000, 6));
}

const right = (query) => encode(answerTo(query, rightRecords(query)));
const changed = (bytes, change) => {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
};
/** A name that points to itself. */
const loop = (query) =>
  Buffer.concat([
    changed(right(query).subarray(0, encode({ ...query, additionals: [] }).length), (bytes) => {
      bytes.writeUInt16BE(0x8400, 2);
      bytes.writeUInt16BE(1, 6);
      bytes.writeUInt32BE(0, 8);
    }),
    Buffer.from([0xc0, encode({ ...query, additionals: [] }).length]),
    Buffer.from("000100010000003c00040a5bc850", "hex"),
  ]);

/** Each gives what is sent for a question, one datagram after the other. */
const HABITS = {
  "many-records": (query) => [manyRecords(query)],
  "garbage-first": (query) => [
    Buffer.from("\u0000garbage"),
    Buffer.alloc(1),
    right(query).subarray(0, HEADER),
    right(query),
  ],
  "escapes-first": (query) => [Buffer.from(ESCAPES.repeat(9)), right(query)],
  "lying-counts": (query) => [
    changed(right(query), (bytes) => bytes.writeUInt16BE(0xffff, 6)),
    right(query),
  ],
  "loop-first": (query) => [loop(query), right(query)],
  "wrong-id-first": (query) => [
    changed(right(query), (bytes) => bytes.writeUInt16BE(query.id ^ 1, 0)),
    right(query),
  ],
  "wrong-question-first": (query) => [
    encode({ ...answerTo(query, []), questions: [{ type: "A", class: "IN", name: "other.test" }] }),
    right(query),
  ],
  "wrong-port-first": (query) => [{ fromElsewhere: right(query) }, right(query)],
  doubled: (query) => [right(query), right(query), right(query)],
  late: (query) => [{ late: right(query) }],
  "escapes-in-alias": (query) => {
    const found = rightRecords(query);
    if (found.length === 0) return [right(query)];
    const alias = `x${ESCAPES}.test`;
    const lead = { type: "CNAME", name: query.questions[0].name, ttl: 60, data: alias };
    return [encode(answerTo(query, [lead, { ...found[0], name: alias }]))];
  },
  "garbage-alone": () => [Buffer.from("nothing of DNS"), Buffer.from(ESCAPES)],
};
const HABIT = HABITS[habit];
if (HABIT === undefined) throw new Error(`no habit ${habit}`);
const MOST_BYTES = 60_000;

const udp = dgram.createSocket("udp4");
const other = dgram.createSocket("udp4");
udp.on("message", (message, { port, address: from }) => {
  const query = decode(message);
  for (const bytes of HABIT(query)) {
    if (bytes.fromElsewhere !== undefined) other.send(bytes.fromElsewhere, port, from);
    else if (bytes.late !== undefined) setTimeout(() => udp.send(bytes.late, port, from), LATE_MS);
    else udp.send(bytes.subarray(0, MOST_BYTES), port, from);
  }
});
function overTcp(query) {
  if (habit === "garbage-alone") return Buffer.from(ESCAPES);
  const bytes = habit === "many-records" ? manyRecords(query) : right(query);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

const server = net.createServer((socket) => {
  socket.on("error", () => socket.destroy());
  let held = Buffer.alloc(0);
  socket.on("data", (data) => {
    held = Buffer.concat([held, data]);
    while (held.length >= 2 && held.length >= 2 + held.readUInt16BE()) {
      const query = decode(held.subarray(2, 2 + held.readUInt16BE()));
      held = held.subarray(2 + held.readUInt16BE());
      socket.write(overTcp(query));
    }
  });
});
udp.bind(53, address, () =>
  other.bind(5353, address, () =>
    server.listen(53, address, () => process.stdout.write("ready\n")),
  ),
);
process.stdin.on("end", () => process.exit()).resume();
