// This machine's own addresses from the files under /proc/net, where netlink is refused.

import { gatewayFor } from "../../src/facts/reach/guest-route.ts";
import type { NetworkInterface } from "../../src/schema/events/guest.ts";
import { addressText } from "../packet/address.ts";
import type { System } from "../system.ts";
import { parseRoutes4 } from "./proc-net.ts";

/** By the interface's name. */
export type LinkAddresses = ReadonlyMap<string, NetworkInterface["addresses"]>;

const LOOPBACK = "lo";

/** As far as the files can be read: what is not in them is not known, and no address is made up. */
export async function readProcAddresses(system: System): Promise<LinkAddresses> {
  const read = (path: string) => system.readText(path).catch(() => "");
  const [trie, table, six] = await Promise.all([
    read("/proc/net/fib_trie"),
    read("/proc/net/route"),
    read("/proc/net/if_inet6"),
  ]);
  const found = new Map<string, NetworkInterface["addresses"]>();
  for (const [name, own] of [...addresses4(trie, table), ...addresses6(six)]) {
    found.set(name, [...(found.get(name) ?? []), own]);
  }
  return found;
}

type Row = readonly [name: string, own: NetworkInterface["addresses"][number]];

/** The local addresses of the trie; their interface is that of the link's own route, which also has the prefix. */
function addresses4(trie: string, table: string): readonly Row[] {
  const local = [...trie.matchAll(/\|-- ([\d.]+)\n\s*\/32 host LOCAL/g)].map(
    ([, own]) => own ?? "",
  );
  const links = parseRoutes4(table).filter(({ gateway }) => gateway === null);
  return [...new Set(local)].flatMap((address): readonly Row[] => {
    if (address.startsWith("127.")) return [[LOOPBACK, { address, prefixLength: 8, family: 4 }]];
    const link = gatewayFor(links, address);
    if (link === undefined) return [];
    const prefixLength = Number(link.prefix.split("/")[1]);
    return [[link.interface, { address, prefixLength, family: 4 }]];
  });
}

/** Address, index, prefix length, scope and flags in hex, and the name (net/ipv6/addrconf.c, if6_seq_show). */
const ROW_6 = /^([0-9a-f]{32}) [0-9a-f]+ ([0-9a-f]+) [0-9a-f]+ [0-9a-f]+ +(\S+)$/gm;

function addresses6(text: string): readonly Row[] {
  return [...text.matchAll(ROW_6)].map(([, hex = "", length = "", name = ""]): Row => {
    const address = addressText(Buffer.from(hex, "hex"));
    return [name, { address, prefixLength: Number.parseInt(length, 16), family: 6 }];
  });
}
