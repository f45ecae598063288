// The messages to a SOCKS proxy before it connects (RFC 1928; SOCKS 4 and 4A by their own notes), and how its replies are read.

import net from "node:net";
import { addressBytes } from "../packet/address.ts";

export interface Greeting {
  readonly send: Buffer;
  /** Null while more bytes are needed. */
  read(answer: Buffer): GreetingReply | null;
}

export interface GreetingReply {
  readonly ok: boolean;
  /** For people; nothing is decided by it. */
  readonly detail: string;
  /** The proxy chose the method "username/password": it expects login() next (RFC 1928 s.3). */
  readonly wantsLogin?: boolean;
  /** False: what came is of another protocol. */
  readonly spoken?: boolean;
  /** How much of the answer it is; all of it when absent. */
  readonly usedBytes?: number;
}

const VERSION = 5;
const NO_AUTH = 0;
const PASSWORD = 2;
const REFUSED = 0xff;
const CONNECT = 1;
/** Types of addresses (RFC 1928 s.5). */
const IPV4 = 1;
const NAME = 3;
const IPV6 = 4;

/** Offers authentication methods; a proxy that wants a password replies so, which shows that it is alive. */
export function methodOffer(withPassword: boolean): Greeting {
  const methods = withPassword ? [NO_AUTH, PASSWORD] : [NO_AUTH];
  return {
    send: Buffer.from([VERSION, methods.length, ...methods]),
    read: (answer) => {
      if (answer.length < 2) return null;
      if (answer[0] !== VERSION) {
        return { ok: false, spoken: false, detail: "answered, not in SOCKS 5" };
      }
      const method = answer[1] ?? REFUSED;
      return {
        ok: method !== REFUSED,
        detail: `SOCKS 5, method ${method}`,
        wantsLogin: method === PASSWORD,
      };
    },
  };
}

/** Name and password (RFC 1929). */
export function login(credentials: string): Greeting {
  const [name = "", ...rest] = credentials.split(":");
  const parts = [name, rest.join(":")].map((part) => Buffer.from(part).subarray(0, 255));
  const send = Buffer.concat([
    Buffer.from([1]),
    ...parts.flatMap((part) => [Buffer.from([part.length]), part]),
  ]);
  return {
    send,
    read: (answer) =>
      answer.length < 2
        ? null
        : { ok: answer[1] === 0, detail: answer[1] === 0 ? "logged in" : "SOCKS 5: login refused" },
  };
}

/** Requests a connection to a name or an address. */
export function connectTo(host: string, port: number): Greeting {
  const name = Buffer.from(host).subarray(0, 255);
  const literal = net.isIPv4(host) ? IPV4 : net.isIPv6(host) ? IPV6 : null;
  const address =
    literal === null ? [NAME, name.length, ...name] : [literal, ...addressBytes(host)];
  return {
    send: Buffer.from([VERSION, CONNECT, 0, ...address, port >> 8, port & 0xff]),
    read: (answer) => {
      if (answer.length < 2) return null;
      const code = answer[1] ?? REFUSED;
      const detail = `SOCKS 5: ${REPLIES[code] ?? `reply ${code}`}`;
      if (code !== 0) return { ok: false, detail };
      const usedBytes = replyBytes(answer);
      return usedBytes === null || answer.length < usedBytes
        ? null
        : { ok: true, detail, usedBytes };
    },
  };
}

/** Version, reply, reserved, the bound address of one of three types, a port (RFC 1928 s.6). */
function replyBytes(answer: Buffer): number | null {
  const type = answer[3];
  if (type === undefined) return null;
  if (type !== NAME) return 4 + (type === IPV6 ? 16 : 4) + 2;
  const length = answer[4];
  return length === undefined ? null : 5 + length + 2;
}

const REPLY4_BYTES = 8;
const GRANTED = 90;

/** SOCKS 4, and 4A for a name: an address 0.0.0.x that nobody has, and the name behind the user's. */
export function connectTo4(host: string, port: number, credentials: string | null): Greeting {
  const literal = net.isIPv4(host);
  const address = literal ? [...addressBytes(host)] : [0, 0, 0, 1];
  const user = Buffer.from(`${credentials?.split(":", 1)[0] ?? ""}\0`);
  const name = literal ? Buffer.alloc(0) : Buffer.from(`${host}\0`);
  const head = Buffer.from([4, CONNECT, port >> 8, port & 0xff, ...address]);
  return {
    send: Buffer.concat([head, user, name]),
    read: (answer) => {
      if (answer.length > 0 && answer[0] !== 0) {
        return { ok: false, spoken: false, detail: "answered, not in SOCKS 4" };
      }
      if (answer.length < REPLY4_BYTES) return null;
      const ok = answer[1] === GRANTED;
      const detail = ok ? "SOCKS 4: connected" : `SOCKS 4: refused (${answer[1]})`;
      return { ok, detail, usedBytes: REPLY4_BYTES };
    },
  };
}

/** RFC 1928 s.6. */
const REPLIES = [
  "connected",
  "general failure",
  "not allowed by its rules",
  "network unreachable",
  "host unreachable",
  "connection refused",
  "TTL expired",
] as const;
