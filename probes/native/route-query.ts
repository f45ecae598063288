// The route that the kernel takes to an address, by all its rules and tables, as one question of netlink.

import { addressBytes, addressText } from "../packet/address.ts";
import { AF_INET, AF_INET6 } from "./constants.ts";
import type { Libc } from "./libc.ts";
import {
  askTable,
  attributeBytes,
  attributesOf,
  NETLINK_ROUTE,
  type NetlinkAttribute,
} from "./netlink.ts";

/** A route of the main table to somebody else. */
export interface MainRoute {
  readonly interfaceIndex: number;
  /** Null where the kernel names none. */
  readonly source: string | null;
  /** Null when the destination is on the link itself. */
  readonly gateway: string | null;
  /** It has a time to live: a cached PMTU. */
  readonly expires: boolean;
  /** A route's own MTU, or the cached PMTU, in bytes; null without one. */
  readonly mtu: number | null;
}

/** What packets have besides, which a rule may look at. */
export interface QuerySelectors {
  readonly interfaceIndex?: number | undefined;
  readonly mark?: number | undefined;
}

/** linux/rtnetlink.h */
const RTM_NEWROUTE = 24;
const RTM_GETROUTE = 26;
const RTMSG = 12;
/** The answer's table is the one that held the route (RTM_F_LOOKUP_TABLE), as iproute2 asks. */
const LOOKUP_TABLE = 0x1000;
const UNICAST = 1;
const MAIN = 254;
const RTA = { dst: 1, oif: 4, gateway: 5, prefsrc: 7, metrics: 8, cache: 12, table: 15 } as const;
const RTA_MARK = 16;
const RTA_VIA = 18;
/** RTAX_MTU, of the metrics. */
const RTAX_MTU = 2;
/** struct rta_cacheinfo: rta_expires. */
const EXPIRES_AT = 8;

/**
 * @param address without a zone
 * @returns null where there is no such route, where another table holds it, and where it cannot be read: iproute2 shows the rest
 */
export function askRoute(
  libc: Libc,
  address: string,
  { interfaceIndex, mark }: QuerySelectors = {},
): MainRoute | null {
  const destination = addressBytes(address);
  const head = Buffer.alloc(RTMSG);
  head.writeUInt8(destination.length === 4 ? AF_INET : AF_INET6, 0);
  head.writeUInt8(destination.length * 8, 1);
  head.writeUInt32LE(LOOKUP_TABLE, 8);
  const body = attributeBytes([
    { type: RTA.dst, value: destination },
    ...(interfaceIndex === undefined ? [] : [number(RTA.oif, interfaceIndex)]),
    ...(mark === undefined ? [] : [number(RTA_MARK, mark)]),
  ]);
  const answer = askTable(libc, NETLINK_ROUTE, RTM_GETROUTE, Buffer.concat([head, body]));
  if (typeof answer === "string" || answer.type !== RTM_NEWROUTE) return null;
  return readRoute(answer.body);
}

function number(type: number, value: number): NetlinkAttribute {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return { type, value: bytes };
}

/** Null for another table than the main one, for no unicast route, and for what is cut off. */
function readRoute(body: Buffer): MainRoute | null {
  if (body.length < RTMSG || body.readUInt8(7) !== UNICAST) return null;
  const attributes = attributesOf(body.subarray(RTMSG));
  const bytesOf = (type: number) => attributes.find((one) => one.type === type)?.value ?? null;
  const numberOf = (type: number) => word(bytesOf(type), 0);
  const interfaceIndex = numberOf(RTA.oif);
  if (interfaceIndex === null || (numberOf(RTA.table) ?? body.readUInt8(4)) !== MAIN) return null;
  const metrics = attributesOf(bytesOf(RTA.metrics) ?? Buffer.alloc(0));
  const mtu = metrics.find(({ type }) => type === RTAX_MTU)?.value ?? null;
  return {
    interfaceIndex,
    source: textOf(bytesOf(RTA.prefsrc)),
    // RTA_VIA: of the other family, which stands before it.
    gateway: textOf(bytesOf(RTA.gateway)) ?? textOf(bytesOf(RTA_VIA)?.subarray(2) ?? null),
    expires: (word(bytesOf(RTA.cache), EXPIRES_AT) ?? 0) !== 0,
    mtu: word(mtu, 0),
  };
}

function word(bytes: Buffer | null, at: number): number | null {
  return bytes === null || bytes.length < at + 4 ? null : bytes.readUInt32LE(at);
}

function textOf(bytes: Buffer | null): string | null {
  return bytes === null || ![4, 16].includes(bytes.length) ? null : addressText(bytes);
}
