// Three hosts in a row for tests of kernel events, typed out with ip:
//
//   c c0 ---- r0 r r1 --(mtu 1400)-- s0 s
//   .1      .2     .1               .2        192.0.2.0/24, 198.51.100.0/24
//   ::1     ::2    ::1              ::2       2001:db8:1::/64, 2001:db8:2::/64

import { createNet, type Net } from "../independent/net.ts";

export const SERVER = { 4: "198.51.100.2", 6: "2001:db8:2::2" } as const;
export const CLIENT = { 4: "192.0.2.1", 6: "2001:db8:1::1" } as const;
/** Addresses of the server's network that nobody has. */
export const NOBODY = { 4: "198.51.100.99", 6: "2001:db8:2::99" } as const;
/** Addresses of the client to which the router has no return path. */
export const STRAY = { 4: "203.0.113.9", 6: "2001:db8:9::9" } as const;
/** The router drops UDP to this port. */
export const FILTERED_PORT = 7777;

export async function createKernelNet(): Promise<Net> {
  const net = await createNet(["c", "r", "s"]);
  const cable = (a: string, b: string, aDevice: Device, bDevice: Device) => {
    const peer = `peer name ${bDevice} address ${MAC[bDevice]} netns ${net.name(b)}`;
    return [a, `link add ${aDevice} address ${MAC[aDevice]} type veth ${peer}`] as const;
  };
  const up = (host: string, device: string, mtu: number, ...addresses: string[]) =>
    [
      ...addresses.map(
        (own) => `address add ${own} dev ${device}${own.includes(":") ? " nodad" : ""}`,
      ),
      `link set dev ${device} mtu ${mtu} up`,
    ].map((line) => [host, line] as const);
  const route = (host: string, via: string) => [host, `route add default via ${via}`] as const;
  try {
    await net.build({ lines: [cable("c", "r", "c0", "r0"), cable("r", "s", "r1", "s0")] });
    await net.build({
      lines: [
        ...up("c", "c0", 1500, "192.0.2.1/24", "2001:db8:1::1/64"),
        ...up("c", "lo", 65536, "203.0.113.9/32", "2001:db8:9::9/128"),
        ...up("r", "r0", 1500, "192.0.2.2/24", "2001:db8:1::2/64"),
        ...up("r", "r1", 1400, "198.51.100.1/24", "2001:db8:2::1/64"),
        ...up("s", "s0", 1400, "198.51.100.2/24", "2001:db8:2::2/64"),
        ...["192.0.2.2", "2001:db8:1::2"].map((via) => route("c", via)),
        ...["198.51.100.1", "2001:db8:2::1"].map((via) => route("s", via)),
        // An answer that waits for its neighbour would leave after the drop that it reports.
        ...NEIGHBOURS.flatMap(([host, device, neighbour, ...addresses]) =>
          addresses.map((address) => {
            const at = `lladdr ${MAC[neighbour]} dev ${device}`;
            return [host, `neigh replace ${address} ${at}`] as const;
          }),
        ),
      ],
      rules: [["r", FILTER]],
    });
    net.set("r", ROUTER);
    for (const host of ["r", "s"]) net.set(host, TALKATIVE);
    return net;
  } catch (error) {
    await net.remove();
    throw error;
  }
}

const MAC = {
  c0: "02:00:00:00:00:01",
  r0: "02:00:00:00:00:02",
  r1: "02:00:00:00:00:03",
  s0: "02:00:00:00:00:04",
} as const;
type Device = keyof typeof MAC;

/** Who knows whom: host, its device, the other's device and addresses. */
const NEIGHBOURS: readonly (readonly [string, Device, Device, string, string])[] = [
  ["c", "c0", "r0", "192.0.2.2", "2001:db8:1::2"],
  ["r", "r0", "c0", CLIENT[4], CLIENT[6]],
  ["r", "r1", "s0", SERVER[4], SERVER[6]],
  ["s", "s0", "r1", "198.51.100.1", "2001:db8:2::1"],
];

/** Every packet gets its answer. */
const TALKATIVE = {
  "ipv4/icmp_ratelimit": 0,
  "ipv4/icmp_ratemask": 0,
  "ipv6/icmp/ratelimit": 0,
};

const ROUTER = {
  "ipv4/conf/all/rp_filter": 1,
  "ipv4/conf/r0/rp_filter": 1,
  // A neighbour that is not there is given up after one question.
  "ipv4/neigh/r1/mcast_solicit": 1,
  "ipv4/neigh/r1/retrans_time_ms": 100,
  "ipv6/neigh/r1/mcast_solicit": 1,
  "ipv6/neigh/r1/retrans_time_ms": 100,
};

const FILTER = `table inet test {
  chain forward {
    type filter hook forward priority 0;
    udp dport ${FILTERED_PORT} drop
  }
  chain prerouting {
    type filter hook prerouting priority -300;
    iif r0 meta nfproto ipv6 ip6 saddr ${STRAY[6]} fib saddr . iif oif missing drop
  }
}`;
