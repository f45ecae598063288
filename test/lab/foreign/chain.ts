// A straight chain of routers whose links have any MTU: guest - r1 - r2 - ... - site.

import { createNet, link, type Net } from "./net.ts";

export interface Chain {
  readonly net: Net;
  /** From the guest outward. */
  readonly routers: readonly string[];
}

/** The site's own addresses, whatever the length of the chain. */
export const SITE = { 4: "10.91.200.80", 6: "2001:db8:91:200::80" } as const;

/** @param mtus of the links from the guest to the site, in bytes; at least two */
export async function createChain(mtus: readonly number[]): Promise<Chain> {
  const routers = mtus.slice(1).map((_, n) => `r${n + 1}`);
  const hosts = ["guest", ...routers, "site"];
  const net = await createNet(hosts);
  try {
    for (const [n, mtu] of mtus.entries()) {
      const [near = "", far = ""] = [hosts[n], hosts[n + 1]];
      // The names that the server and its rules expect at both ends.
      const out = near === "guest" ? "eth0" : `o${n}`;
      const into = far === "site" ? "eth0" : `i${n}`;
      await link(net, [near, out], [far, into], mtu);
      await net.ip(near, "addr", "add", `10.91.${n}.1/24`, "dev", out);
      await net.ip(far, "addr", "add", `10.91.${n}.2/24`, "dev", into);
      await net.ip(near, "addr", "add", `2001:db8:91:${n}::1/64`, "dev", out);
      await net.ip(far, "addr", "add", `2001:db8:91:${n}::2/64`, "dev", into);
    }
    await net.ip("site", "addr", "add", `${SITE[4]}/32`, "dev", "lo");
    await net.ip("site", "addr", "add", `${SITE[6]}/128`, "dev", "lo");
    for (const [n, host] of hosts.entries()) {
      if (n < hosts.length - 1)
        await defaultRoute(net, host, `10.91.${n}.2`, `2001:db8:91:${n}::2`);
      for (let back = 0; back < n - 1; back++) {
        await net.ip(host, "route", "add", `10.91.${back}.0/24`, "via", `10.91.${n - 1}.1`);
        const prefix = `2001:db8:91:${back}::/64`;
        await net.ip(host, "-6", "route", "add", prefix, "via", `2001:db8:91:${n - 1}::1`);
      }
    }
  } catch (error) {
    await net.remove();
    throw error;
  }
  return { net, routers };
}

async function defaultRoute(net: Net, host: string, via4: string, via6: string): Promise<void> {
  await net.ip(host, "route", "add", "default", "via", via4);
  await net.ip(host, "-6", "route", "add", "default", "via", via6);
}
