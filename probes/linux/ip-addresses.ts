// `ip -o addr` as data: the addresses of every link, whether it has a carrier or not.

import { addressOf } from "../../src/host/address.ts";
import type { NetworkInterface } from "../../src/schema/events/guest.ts";
import type { LinkAddresses } from "./proc-addresses.ts";

/** Lines as "2: eth0    inet 192.0.2.2/24 brd 192.0.2.255 scope global eth0\       valid_lft ..."; a far end stands behind "peer". */
export function parseAddresses(text: string): LinkAddresses {
  const found = new Map<string, NetworkInterface["addresses"]>();
  for (const line of text.split("\n")) {
    const [, name, far, length] =
      /^\d+:\s+(\S+)\s+inet6? (?:(?:\S+) peer )?([\da-f.:]+)(?:\/(\d+))?/.exec(line) ?? [];
    const near = /\binet6? (\S+) peer /.exec(line)?.[1] ?? far;
    const own = addressOf(near ?? "");
    if (name === undefined || own === null) continue;
    const { address, family } = own;
    const prefixLength = Number(length ?? (family === 4 ? 32 : 128));
    found.set(name, [...(found.get(name) ?? []), { address, prefixLength, family }]);
  }
  return found;
}
