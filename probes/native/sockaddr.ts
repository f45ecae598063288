// struct sockaddr_in and sockaddr_in6 as bytes (linux/in.h, linux/in6.h), written and read.

import ipaddr from "ipaddr.js";
import type { Family } from "../../src/schema/events/common.ts";
import { AF_INET, AF_INET6 } from "./constants.ts";

const SIZE = { 4: 16, 6: 28 } as const;
export const SOCKADDR_MAX = 28;

/** 45 for IPv6 that holds IPv4, and a zone: an interface's name of 15. */
const MAX_CHARS = 64;

/** The family of an address in text form; undefined when it is none. An IPv6 zone is allowed. */
export function familyOf(address: string): Family | undefined {
  // The patterns behind it take the square of the length.
  if (address.length > MAX_CHARS) return undefined;
  if (!ipaddr.isValid(address) || !/^[0-9a-fA-F:.]+(%[\w.-]+)?$/.test(address)) return undefined;
  return address.includes(":") ? 6 : 4;
}

/**
 * @param zoneIndex the interface index of an IPv6 link-local destination, 0 for none
 * @throws Error when the text is no address; callers check with familyOf first
 */
export function encodeSockaddr(address: string, port: number, zoneIndex = 0): Buffer {
  const parsed = ipaddr.parse(address.replace(/%.*$/, ""));
  const bytes = parsed.toByteArray();
  if (parsed.kind() === "ipv4") {
    const buffer = Buffer.alloc(SIZE[4]);
    buffer.writeUInt16LE(AF_INET, 0);
    buffer.writeUInt16BE(port, 2);
    buffer.set(bytes, 4);
    return buffer;
  }
  const buffer = Buffer.alloc(SIZE[6]);
  buffer.writeUInt16LE(AF_INET6, 0);
  buffer.writeUInt16BE(port, 2);
  buffer.set(bytes, 8);
  buffer.writeUInt32LE(zoneIndex, 24);
  return buffer;
}

/** Address and port at `offset`; undefined for another family (AF_UNSPEC: nobody). */
export function decodeSockaddr(
  buffer: Buffer,
  offset = 0,
): { readonly address: string; readonly port: number } | undefined {
  const family = buffer.readUInt16LE(offset);
  const port = buffer.readUInt16BE(offset + 2);
  if (family === AF_INET) {
    const bytes = [...buffer.subarray(offset + 4, offset + 8)];
    return { address: ipaddr.fromByteArray(bytes).toString(), port };
  }
  if (family === AF_INET6 && offset + 24 <= buffer.length) {
    const bytes = [...buffer.subarray(offset + 8, offset + 24)];
    return { address: ipaddr.fromByteArray(bytes).toString(), port };
  }
  return undefined;
}
