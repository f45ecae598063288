// A name server for a handful of names, over UDP and TCP (RFC 1035, RFC 2308, RFC 7766).

import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import {
  type Answer,
  AUTHORITATIVE_ANSWER,
  decode,
  encode,
  type Packet,
  type Question,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
} from "dns-packet";
import type { DnsServerConfig } from "./lab-host-protocol.ts";

const DNS_PORT = 53;

/** Listens on every address, UDP and TCP; resolves when all of them listen. */
export async function serveDns(config: DnsServerConfig): Promise<void> {
  const { delayMs = 0 } = config.quirks;
  const answers: Answers = (query, overUdp, reply) => {
    const answer = answerTo(query, config, overUdp);
    if (answer === null) return;
    if (delayMs === 0) reply(answer);
    else setTimeout(reply, delayMs, answer);
  };
  await Promise.all(
    config.addresses.flatMap((address) => [serveUdp(address, answers), serveTcp(address, answers)]),
  );
}

type Answers = (query: Buffer, overUdp: boolean, reply: (answer: Buffer) => void) => void;

async function serveUdp(address: string, answers: Answers): Promise<void> {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  socket.on("message", (query, from) => {
    answers(query, true, (reply) => socket.send(reply, from.port, from.address, () => undefined));
  });
  socket.bind(DNS_PORT, address);
  await once(socket, "listening");
  socket.on("error", () => undefined);
}

async function serveTcp(address: string, answers: Answers): Promise<void> {
  const server = createServer((client) => serveClient(client, answers));
  server.listen(DNS_PORT, address);
  await once(server, "listening");
}

/** RFC 1035 s.4.2.2: each message has its length in front, two bytes. */
const LENGTH_BYTES = 2;

function serveClient(client: Socket, answers: Answers): void {
  let pending = Buffer.alloc(0);
  client.on("error", () => client.destroy());
  client.on("data", (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + pending.readUInt16BE(0);
      if (pending.length < end) return;
      const query = pending.subarray(LENGTH_BYTES, end);
      pending = pending.subarray(end);
      answers(query, false, (reply) => client.write(withLength(reply)));
    }
  });
}

function withLength(message: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(message.length, 0);
  return Buffer.concat([length, message]);
}

// RFC 1035 s.4.1.1; dns-packet keeps the response code in the low bits of the flags.
const NXDOMAIN = 3;
const REFUSED = 5;
const SERVFAIL = 2;
/** RFC 1035 s.4.2.1: what a message over UDP may hold where the question offers no more. */
const PLAIN_BYTES = 512;

/** The reply; null for what is no question. Exported for its tests. */
export function answerTo(query: Buffer, config: DnsServerConfig, overUdp = true): Buffer | null {
  const packet = decoded(query);
  const question = packet?.questions?.[0];
  if (packet === null || packet.type !== "query" || question === undefined) return null;
  if (isIgnored(question, config)) return null;
  const { edns = "answers" } = config.quirks;
  const offer = (packet.additionals ?? []).find(({ type }) => type === "OPT");
  const whole: Packet = {
    type: "response",
    ...(packet.id === undefined ? {} : { id: packet.id }),
    questions: [question],
    ...contentFor(question, (packet.flags ?? 0) & RECURSION_DESIRED, config),
    // RFC 6891 s.6.1.1: an OPT record is answered with one.
    additionals: offer ? [OPT] : [],
  };
  if (isLost(whole, config)) return null;
  if (config.quirks.fails || (offer && edns === "fails"))
    return encode({ ...whole, answers: [], flags: SERVFAIL });
  const limit = overUdp ? limitFor(offer, config) : Number.POSITIVE_INFINITY;
  const bytes = encode(whole);
  if (bytes.length <= limit) return bytes;
  return encode({ ...whole, answers: [], flags: (whole.flags ?? 0) | TRUNCATED_RESPONSE });
}

/** What it sends over UDP at most, in bytes. */
function limitFor(offer: Answer | undefined, { quirks }: DnsServerConfig): number {
  if (quirks.oversize) return Number.POSITIVE_INFINITY;
  return offer?.type === "OPT" ? offer.udpPayloadSize : PLAIN_BYTES;
}

function isIgnored({ type, name }: Question, { quirks }: DnsServerConfig): boolean {
  return quirks.silent?.some((one) => one === type || one === name) === true;
}

/** "There is none", which this server keeps to itself. */
function isLost({ answers = [] }: Packet, { quirks }: DnsServerConfig): boolean {
  return quirks.negative === "lost" && answers.length === 0;
}

const OPT: Answer = {
  type: "OPT",
  name: ".",
  udpPayloadSize: 1232,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

/** In a zone: a portal's server has its own address for whatever is asked. */
const EVERY_OTHER = "*";

function contentFor(
  { name, type }: Question,
  desired: number,
  { behaviour, zone, quirks }: DnsServerConfig,
): Pick<Packet, "flags" | "answers" | "authorities"> {
  const flags = desired | RECURSION_AVAILABLE;
  if (behaviour === "refuse") return { flags: flags | REFUSED };
  const addresses = zone[name.toLowerCase().replace(/\.$/, "")] ?? zone[EVERY_OTHER];
  const own = flags | AUTHORITATIVE_ANSWER;
  if (addresses === undefined) return { flags: own | NXDOMAIN, authorities: [startOfAuthority()] };
  const more = Array.from({ length: quirks.moreRecords ?? 0 }, (_, n) => `203.0.113.${100 + n}`);
  const answers = [...addresses, ...more].flatMap((address) => record(name, type, address));
  // A name without such a record is NODATA (RFC 2308 s.2.2): no answer, no error, an SOA.
  return answers.length === 0
    ? { flags: own, authorities: [startOfAuthority()] }
    : { flags: own, answers };
}

const TTL_SECONDS = 60;

function record(name: string, type: string, address: string): Answer[] {
  const own = address.includes(":") ? "AAAA" : "A";
  if (type !== own) return [];
  return [{ type: own, name, ttl: TTL_SECONDS, data: address }];
}

function startOfAuthority(): Answer {
  return {
    type: "SOA",
    name: ".",
    ttl: TTL_SECONDS,
    data: { mname: "ns.example.test", rname: "admin.example.test", serial: 1, ...TIMES },
  };
}

const TIMES = { refresh: 3600, retry: 600, expire: 86_400, minimum: TTL_SECONDS };

function decoded(query: Buffer): Packet | null {
  try {
    return decode(query);
  } catch {
    return null;
  }
}
