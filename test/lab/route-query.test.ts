// What this tool reads of routing tables by netlink, beside what iproute2 shows of the same tables.

import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseRouteGet } from "../../probes/linux/route-get.ts";
import { type Libc, loadLibc } from "../../probes/native/libc.ts";
import { hasOwnRulesAlone, hasSingleHopsAlone } from "../../probes/native/plain-tables.ts";
import { askRoute } from "../../probes/native/route-query.ts";
import { inNetns } from "./harness/netns.ts";
import { createNet, type Net } from "./independent/net.ts";

let net: Net;
let libc: Libc;

const LINES = [
  "address add 10.9.0.1/24 dev eth0",
  "address add 2001:db8:9::1/64 dev eth0 nodad",
  "address add 10.8.0.1/24 dev eth1",
  "route add default via 10.9.0.254",
  "route add ::/0 via fe80::1 dev eth0",
  "route add 192.0.2.0/24 via 10.9.0.9 mtu 1300",
  "route add 192.0.3.0/24 via 10.9.0.9 mtu lock 1301",
  "route add 192.0.4.0/24 via inet6 fe80::7 dev eth0 src 10.9.0.1",
  "route add blackhole 192.0.5.0/24",
  "route add 192.0.6.0/24 dev eth1 src 10.9.0.1",
];

beforeAll(async () => {
  libc = await loadLibc();
  net = await createNet(["here", "there"]);
  const cable = (device: string) => [["here", device], ["there", device], 1500] as const;
  const lines = LINES.map((line) => ["here", line] as const);
  await net.build({ links: [cable("eth0"), cable("eth1")], lines });
});
afterAll(() => net.remove());

const inside = <T>(read: () => T): T => inNetns(net.name("here"), read);
const asked = (address: string, mark?: number) => inside(() => askRoute(libc, address, { mark }));

function shownFor(address: string) {
  const text = execFileSync("ip", ["-n", net.name("here"), "route", "get", address]);
  const { device, table, ...shown } = parseRouteGet(text.toString()) ?? {};
  return { device, table, shown };
}

describe("a route that is asked for by netlink", () => {
  it.each([
    "10.9.0.2",
    "203.0.113.8",
    "192.0.2.1",
    "192.0.3.1",
    "192.0.4.1",
    "192.0.6.1",
    "2001:db8:9::5",
    "2001:db8:77::1",
  ])("is the one that iproute2 shows: %s", (address) => {
    const { interfaceIndex, ...rest } = asked(address) ?? {};
    const { device, shown } = shownFor(address);
    expect(rest).toEqual(shown);
    const index = inside(() =>
      execFileSync("ip", ["-n", net.name("here"), "-o", "link", "show", String(device)]).toString(),
    );
    expect(index.startsWith(`${interfaceIndex}:`)).toBe(true);
  });

  it("is left to iproute2 where it is none of the main table to somebody else", async () => {
    expect(asked("192.0.5.1")).toBeNull();
    expect(asked("10.9.0.1")).toBeNull();
    expect(asked("127.0.0.1")).toBeNull();
    await net.ip("here", "rule", "add", "fwmark", "5", "lookup", "100");
    await net.ip("here", "route", "add", "203.0.113.0/24", "via", "10.8.0.3", "table", "100");
    expect(asked("203.0.113.8", 5)).toBeNull();
    expect(asked("203.0.113.8")?.gateway).toBe("10.9.0.254");
    await net.ip("here", "rule", "delete", "fwmark", "5");
  });
});

describe("tables that need no program", () => {
  it("hold the kernel's own rules alone", async () => {
    const own = () => inside(() => hasOwnRulesAlone(libc));
    expect(own()).toBe(true);
    for (const rule of [
      ["from", "10.9.0.0/24", "lookup", "main"],
      ["not", "from", "all", "fwmark", "0x1", "lookup", "main"],
      ["lookup", "main", "suppress_prefixlength", "0"],
      ["from", "all", "iif", "eth0", "prohibit"],
      ["lookup", "127"],
    ]) {
      await net.ip("here", "rule", "add", "pref", "77", ...rule);
      expect(own(), rule.join(" ")).toBe(false);
      await net.ip("here", "rule", "delete", "pref", "77");
      await net.ip("here", "-6", "rule", "add", "pref", "78", "lookup", "128");
      expect(own()).toBe(false);
      await net.ip("here", "-6", "rule", "delete", "pref", "78");
    }
    expect(own()).toBe(true);
  });

  it("hold no route with several next hops", async () => {
    const single = () => inside(() => hasSingleHopsAlone(libc));
    expect(single()).toBe(true);
    const hops = ["nexthop", "via", "10.9.0.7", "nexthop", "via", "10.8.0.8"];
    await net.ip("here", "route", "add", "192.0.7.0/24", ...hops);
    expect(single()).toBe(false);
    await net.ip("here", "route", "delete", "192.0.7.0/24");
    await net.ip("here", "nexthop", "add", "id", "7", "via", "10.9.0.7", "dev", "eth0");
    await net.ip("here", "route", "add", "192.0.8.0/24", "nhid", "7");
    expect(single()).toBe(false);
  });
});
