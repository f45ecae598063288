// Two equal ways between two routers, one picked by ports: guest - near = a, b = far - site.

import { createNet, link, type Net } from "./net.ts";

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
    for (const [left, right, n] of LINKS) {
      await link(net, left, right, 1500);
      for (const [[host, device], own] of [
        [left, 1],
        [right, 2],
      ] as const) {
        await net.ip(host, "addr", "add", `10.77.${n}.${own}/24`, "dev", device);
        await net.ip(host, "addr", "add", `fd77:${n}::${own}/64`, "dev", device);
      }
    }
    await addRoutes(net);
    for (const host of ["near", "far"]) {
      for (const family of ["ipv4", "ipv6"]) {
        const key = `net.${family}.fib_multipath_hash`;
        await net.run(
          host,
          "sysctl",
          "-qw",
          `${key}_policy=${policy}`,
          `${key}_fields=${ADDRESSES_AND_PORTS}`,
        );
      }
    }
  } catch (error) {
    await net.remove();
    throw error;
  }
  return net;
}

async function addRoutes(net: Net): Promise<void> {
  // Which network's router, and by which of its two ends.
  const via = async (host: string, to: number | null, ...gateways: readonly string[]) => {
    const hops = (start: string) =>
      gateways.length === 1
        ? ["via", `${start}${gateways[0]}`]
        : gateways.flatMap((gateway) => ["nexthop", "via", `${start}${gateway}`]);
    const to4 = to === null ? "default" : `10.77.${to}.0/24`;
    const to6 = to === null ? "default" : `fd77:${to}::/64`;
    await net.ip(host, "route", "add", to4, ...hops("10.77."));
    const six = hops("fd77:").map((word) => word.replace(/^(fd77:\d+)\./, "$1::"));
    await net.ip(host, "-6", "route", "add", to6, ...six);
  };
  await via("guest", null, "0.1");
  await via("near", null, "1.2", "2.2");
  await via("a", null, "3.2");
  await via("b", null, "4.2");
  await via("a", 0, "1.1");
  await via("b", 0, "2.1");
  await via("far", 0, "3.1", "4.1");
  await via("site", null, "9.1");
}
