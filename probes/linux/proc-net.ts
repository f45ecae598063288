// The text tables under /proc/net: routes and counters, readable by anyone and without iproute2.

import ipaddr from "ipaddr.js";
import type { GuestRoute } from "../../src/schema/events/guest.ts";
import { addressText } from "../packet/address.ts";

/** Route flags (linux/route.h, linux/ipv6_route.h). */
const RTF_UP = 0x1;
const RTF_GATEWAY = 0x2;
const RTF_REJECT = 0x200;
const RTF_LOCAL = 0x80000000;
const RTF_CACHE = 0x01000000;

/** /proc/net/route: IPv4 addresses are hex words in host byte order. */
export function parseRoutes4(text: string): readonly GuestRoute[] {
  return rows(text)
    .slice(1)
    .flatMap((row) => {
      const [name, destination, gateway, flagsHex, , , metric, mask] = row;
      const flags = Number.parseInt(flagsHex ?? "", 16);
      const whole = [destination, gateway, mask].every((word) =>
        /^[0-9A-Fa-f]{8}$/.test(word ?? ""),
      );
      if (!whole || !name || !destination || !gateway || !mask) return [];
      const length = ipaddr.IPv4.parse(littleEndian4(mask)).prefixLengthFromSubnetMask();
      if (length === null || !(flags & RTF_UP) || flags & RTF_REJECT) return [];
      // A route of type blackhole has no device, and no flag (net/ipv4/fib_trie.c, fib_route_seq_show).
      if (name === "*") return [];
      const route: GuestRoute = {
        family: 4,
        prefix: `${littleEndian4(destination)}/${length}`,
        gateway: flags & RTF_GATEWAY ? littleEndian4(gateway) : null,
        interface: name,
        metric: Number(metric),
      };
      return [route];
    });
}

/** /proc/net/ipv6_route: addresses are 32 hex digits. */
export function parseRoutes6(text: string): readonly GuestRoute[] {
  return rows(text).flatMap((row) => {
    const [destination, length, , , gateway, metric, , , flagsHex, name] = row;
    const flags = Number.parseInt(flagsHex ?? "", 16);
    const usable = flags & RTF_UP && !(flags & RTF_REJECT) && !(flags & RTF_CACHE);
    const whole = [destination, gateway].every((word) => /^[0-9A-Fa-f]{32}$/.test(word ?? ""));
    if (!whole || !name || !destination || !gateway || !length) return [];
    if (!usable || flags >= RTF_LOCAL) return [];
    const route: GuestRoute = {
      family: 6,
      prefix: `${hex6(destination)}/${Number.parseInt(length, 16)}`,
      gateway: flags & RTF_GATEWAY ? hex6(gateway) : null,
      interface: name,
      metric: Number.parseInt(metric ?? "0", 16),
    };
    return [route];
  });
}

/** A counter of /proc/net/snmp6, one "name value" a line; undefined when it is not there. */
export function readSnmp6(text: string, counter: string): number | undefined {
  const row = rows(text).find(([name]) => name === counter);
  return row === undefined ? undefined : Number(row[1]);
}

function rows(text: string): readonly (readonly string[])[] {
  return text
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((row) => row.length > 1);
}

function littleEndian4(hex: string): string {
  return addressText(Buffer.from(hex, "hex").reverse());
}

function hex6(hex: string): string {
  return addressText(Buffer.from(hex, "hex"));
}
