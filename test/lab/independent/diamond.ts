// Two equal paths between two routers, one picked by ports: guest - near = a, b = far - site.

import { createNet, type Net } from "./net.ts";

export const DIAMOND = {
  4: { near: "10.77.0.1", a: "10.77.1.2", b: "10.77.2.2", far: "10.77.3.2", site: "10.77.9.2" },
  6: { near: "fd77::1", a: "fd77:1::2", b: "fd77:2::2", far: "fd77:3::2", site: "fd77:9::2" },
} as const;

/** fib_multipath_hash_fields: addresses, protocol, ports. */
const ADDRESSES_AND_PORTS = 0x37;

/** Left and right end, with 1 and 2 as their numbers, and the network's number. */
const LINKS = [
  [["near", "lan0"], ["guest", "eth0"], 0],
  [["near", "wayA"], ["a", "inA"], 1],
  [["near", "wayB"], ["b", "inB"], 2],
  [["a", "outA"], ["far", "endA"], 3],
  [["b", "outB"], ["far", "endB"], 4],
  [["far", "lan0"], ["site", "eth0"], 9],
] as const;

/**
 * @param policy 3: by addresses, protocol and ports of the packet. 1: the same for packets from another
 * machine; from this one it takes the hash that the sending socket left with them, another for each
 * connection and for each repeated SYN (Documentation/networking/ip-sysctl.rst; net/ipv4/route.c)
 */
export async function createDiamond(policy: 1 | 3 = 3): Promise<Net> {
  const net = await createNet(["guest", "near", "a", "b", "far", "site"]);
  try {
    await net.build({
      links: LINKS.map(([left, right]) => [left, right, 1500]),
      lines: [...addresses(), ...routes()],
    });
    for (const host of ["near", "far"]) {
      for (const family of ["ipv4", "ipv6"]) {
        const key = `${family}/fib_multipath_hash`;
        net.set(host, { [`${key}_fields`]: ADDRESSES_AND_PORTS, [`${key}_policy`]: policy });
      }
    }
  } catch (error) {
    await net.remove();
    throw error;
  }
  return net;
}

type Lines = readonly (readonly [host: string, line: string])[];

function addresses(): Lines {
  return LINKS.flatMap(([left, right, n]) =>
    [left, right].flatMap(([host, device], end) =>
      [`10.77.${n}.${end + 1}/24`, `fd77:${n}::${end + 1}/64`].map(
        (address) => [host, `addr add ${address} dev ${device}`] as const,
      ),
    ),
  );
}

function routes(): Lines {
  // Which network's router, and by which of its two ends.
  const via = (host: string, to: number | null, ...gateways: readonly string[]): Lines => {
    const hops = (start: string) =>
      gateways.length === 1
        ? `via ${start}${gateways[0]}`
        : gateways.map((gateway) => `nexthop via ${start}${gateway}`).join(" ");
    const to4 = to === null ? "default" : `10.77.${to}.0/24`;
    const to6 = to === null ? "default" : `fd77:${to}::/64`;
    const six = hops("fd77:").replaceAll(/(fd77:\d+)\./g, "$1::");
    return [
      [host, `route add ${to4} ${hops("10.77.")}`],
      [host, `route add ${to6} ${six}`],
    ];
  };
  return [
    via("guest", null, "0.1"),
    via("near", null, "1.2", "2.2"),
    via("a", null, "3.2"),
    via("b", null, "4.2"),
    via("a", 0, "1.1"),
    via("b", 0, "2.1"),
    via("far", 0, "3.1", "4.1"),
    via("site", null, "9.1"),
  ].flat();
}
