// Addresses as bytes of a packet and as text, written and read.

import ipaddr from "ipaddr.js";

/**
 * 4 or 16 bytes; an IPv6 zone is left out.
 * @throws Error when the text is no address
 */
export function addressBytes(address: string): Buffer {
  return Buffer.from(ipaddr.parse(address.replace(/%.*$/, "")).toByteArray());
}

/** @param bytes 4 or 16 of them */
export function addressText(bytes: Uint8Array): string {
  return ipaddr.fromByteArray([...bytes]).toString();
}
