// A straight chain of routers whose links have any MTU: guest - r1 - r2 - ... - site.

import { type Cable, createNet, type Net } from "./net.ts";

export interface Chain {
  readonly net: Net;
  /** From the guest outward. */
  readonly routers: readonly string[];
}

/** The server's own addresses, whatever the length of the chain. */
export const SITE = { 4: "10.91.200.80", 6: "2001:db8:91:200::80" } as const;

/** @param mtus of the links from the guest to the server, in bytes; at least two */
export async function createChain(mtus: readonly number[]): Promise<Chain> {
  const routers = mtus.slice(1).map((_, n) => `r${n + 1}`);
  const hosts = ["guest", ...routers, "site"];
  const net = await createNet(hosts);
  try {
    await net.build({ links: mtus.map((mtu, n) => cable(hosts, n, mtu)), lines: linesFor(hosts) });
  } catch (error) {
    await net.remove();
    throw error;
  }
  return { net, routers };
}

/** With the names that the server and its rules expect at both ends. */
function cable(hosts: readonly string[], n: number, mtu: number): Cable {
  const [near = "", far = ""] = [hosts[n], hosts[n + 1]];
  return [[near, outOf(near, n)], [far, intoOf(far, n)], mtu];
}

const outOf = (host: string, n: number) => (host === "guest" ? "eth0" : `o${n}`);
const intoOf = (host: string, n: number) => (host === "site" ? "eth0" : `i${n}`);

function linesFor(hosts: readonly string[]): readonly (readonly [string, string])[] {
  const last = hosts.length - 1;
  return hosts.flatMap((host, n) => {
    const near = intoOf(host, n - 1);
    const far = outOf(host, n);
    const behind = Array.from({ length: Math.max(0, n - 1) }, (_, back) => back);
    const lines = [
      ...(n === 0 ? [] : [`addr add 10.91.${n - 1}.2/24 dev ${near}`]),
      ...(n === 0 ? [] : [`addr add 2001:db8:91:${n - 1}::2/64 dev ${near}`]),
      ...(n === last ? [`addr add ${SITE[4]}/32 dev lo`, `addr add ${SITE[6]}/128 dev lo`] : []),
      ...(n === last ? [] : [`addr add 10.91.${n}.1/24 dev ${far}`]),
      ...(n === last ? [] : [`addr add 2001:db8:91:${n}::1/64 dev ${far}`]),
      ...(n === last ? [] : [`route add default via 10.91.${n}.2`]),
      ...(n === last ? [] : [`route add default via 2001:db8:91:${n}::2`]),
      ...behind.flatMap((back) => [
        `route add 10.91.${back}.0/24 via 10.91.${n - 1}.1`,
        `route add 2001:db8:91:${back}::/64 via 2001:db8:91:${n - 1}::1`,
      ]),
    ];
    return lines.map((line) => [host, line] as const);
  });
}
