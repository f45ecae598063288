// A name server of a test network: node dns-server.mjs ADDRESS NAME A [AAAA] [OPTIONS]; other names do not exist.
//
// OPTIONS is JSON: ptr (names by reverse name), mutePtr (true: no answer to such questions), rcode (of every answer),
// more (A records beside the first), txt (bytes of a TXT record), edns (false: questions with an OPT record stay
// unanswered; "fail": SERVFAIL), mute (names or types that get no answer), delayMs, rotate (each answer has the next of
// these addresses), tcp (false: nobody listens), glue (A records of name servers before the name's own), alias (the
// name is a CNAME of it), garbage (bytes that are sent before each answer, behind the query's id when "id"), onePort
// (true: of the questions from one port only the first is answered), negative (false: no answer where there is no record),
// oversize (true: long answers over UDP come whole), every (true: every name has these addresses).
import dgram from "node:dgram";
import net from "node:net";
import { decode, encode, streamEncode } from "dns-packet";

const [address, name, a, aaaa, text = "{}"] = process.argv.slice(2);
const options = JSON.parse(text);
const AUTHORITATIVE = 1 << 10;
const TRUNCATED = 1 << 9;
const RCODES = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 };
const PLAIN_BYTES = 512;
let asked = 0;

function records({ type, name: wanted }) {
  const record = (data) => ({ type, name: wanted, ttl: 1, data });
  if (type === "AAAA") return aaaa ? [record(aaaa)] : [];
  if (type === "TXT")
    return options.txt ? [record("x".repeat(options.txt).match(/.{1,200}/g))] : [];
  if (type !== "A" || a === "") return [];
  asked += 1;
  if (options.rotate) return [record(options.rotate[asked % options.rotate.length])];
  const more = Array.from({ length: options.more ?? 0 }, (_, n) => `198.51.100.${100 + n}`);
  const owner = options.alias ?? wanted;
  const lead = options.alias ? [{ type: "CNAME", name: wanted, ttl: 1, data: options.alias }] : [];
  const glue = (options.glue ?? []).map((data, n) => ({
    ...record(data),
    name: `ns${n}.${wanted}`,
  }));
  return [...glue, ...lead, ...[a, ...more].map((data) => ({ ...record(data), name: owner }))];
}

function answer(query, limit) {
  const [question] = query.questions;
  const pointer = question.type === "PTR" ? options.ptr?.[question.name.toLowerCase()] : undefined;
  if (pointer !== undefined) {
    const data = { ...question, ttl: 1, data: pointer };
    return { type: "response", id: query.id, questions: query.questions, answers: [data] };
  }
  const known = options.every === true || question.name.toLowerCase() === name;
  const failed = options.edns === "fail" && query.additionals.some(({ type }) => type === "OPT");
  const own = failed ? "SERVFAIL" : options.rcode;
  const rcode = RCODES[own ?? (known ? "NOERROR" : "NXDOMAIN")];
  const whole = {
    type: "response",
    id: query.id,
    flags: AUTHORITATIVE | rcode,
    questions: query.questions,
    answers: rcode === 0 ? records(question) : [],
  };
  const tooLong = encode(whole).length > limit;
  return tooLong ? { ...whole, flags: whole.flags | TRUNCATED, answers: [] } : whole;
}

/** The first id that came from a port: a repeat of it is answered, as by equipment that takes a port for one flow. */
const firstOf = new Map();
function isSecond(port, id) {
  if (!firstOf.has(port)) firstOf.set(port, id);
  return firstOf.get(port) !== id;
}

function limitFor(offer) {
  if (options.oversize) return Number.POSITIVE_INFINITY;
  return offer?.udpPayloadSize ?? PLAIN_BYTES;
}

function isKept({ answers }) {
  return options.negative === false && answers.length === 0;
}

/** Null where nothing is said. */
function answerOverTcp(query) {
  if (options.mute?.includes(query.questions[0].name)) return null;
  const said = answer(query, Number.POSITIVE_INFINITY);
  return isKept(said) ? null : said;
}

const udp = dgram.createSocket(net.isIPv6(address) ? "udp6" : "udp4");
udp.on("message", (message, from) => {
  const query = decode(message);
  const offer = query.additionals.find(({ type }) => type === "OPT");
  if (offer && options.edns === false) return;
  const [{ type, name: wanted }] = query.questions;
  if (options.mute?.includes(type) || options.mute?.includes(wanted)) return;
  if (options.mutePtr && query.questions[0].type === "PTR") return;
  if (options.onePort && isSecond(from.port, query.id)) return;
  const said = answer(query, limitFor(offer));
  if (isKept(said)) return;
  const reply = encode(said);
  if (options.garbage) {
    const bytes = Buffer.from(options.garbage);
    const broken = options.garbage === "id" ? reply.subarray(0, reply.length - 2) : bytes;
    udp.send(broken, from.port, from.address);
  }
  setTimeout(() => udp.send(reply, from.port, from.address), options.delayMs ?? 0);
});
const ready = () => udp.bind(53, address, () => process.stdout.write("ready\n"));
if (options.tcp === false) ready();
else {
  net
    .createServer({ allowHalfOpen: true }, (socket) => {
      let held = Buffer.alloc(0);
      socket.on("error", () => socket.destroy());
      socket.on("end", () => socket.end());
      socket.on("data", (data) => {
        held = Buffer.concat([held, data]);
        // Several queries may come on one connection, as glibc sends those of both types (RFC 7766 s.6.2.1).
        while (held.length >= 2 && held.length >= 2 + held.readUInt16BE()) {
          const query = held.subarray(2, 2 + held.readUInt16BE());
          held = held.subarray(2 + query.length);
          const said = answerOverTcp(decode(query));
          if (said !== null) socket.write(streamEncode(said));
        }
      });
    })
    .listen(53, address, ready);
}
process.stdin.on("end", () => process.exit()).resume();
