// iproute2's own words: ways, rules, and who listens.

import { expect, test } from "vitest";
import { isListening } from "../../../probes/linux/failure.ts";
import { parseRules } from "../../../probes/linux/policy-rules.ts";
import { parseRouteGet, showRoute } from "../../../probes/linux/route-get.ts";
import { systemOf } from "../../builders/files.ts";

test.each([
  [
    "203.0.113.80 via 198.51.100.1 dev eth0 src 198.51.100.20 uid 1000 \n    cache \n",
    { device: "eth0", gateway: "198.51.100.1", table: null, expires: false },
  ],
  [
    "203.0.113.80 dev wg0 table 51820 src 10.9.0.2 uid 0 \n    cache \n",
    { device: "wg0", gateway: null, table: "51820", expires: false },
  ],
  [
    "203.0.113.80 via inet6 fe80::1 dev eth0 src 198.51.100.20 \n    cache expires 520sec mtu 1400 \n",
    { device: "eth0", gateway: "fe80::1", table: null, expires: true },
  ],
  [
    "127.0.0.1 via 169.254.73.249 dev loopback0 table 127 src 127.0.0.1 uid 0 \n    cache \n",
    { device: "loopback0", gateway: "169.254.73.249", table: "127", expires: false },
  ],
  [
    "local 127.0.0.1 dev lo src 127.0.0.1 uid 0 \n    cache <local> \n",
    { device: "lo", gateway: null, table: null, expires: false },
  ],
  [
    "2001:db8:80::80 from :: via fe80::5 dev eth0 proto ra src 2001:db8::9 metric 100 pref medium\n",
    { device: "eth0", gateway: "fe80::5", table: null, expires: false },
  ],
  ["", null],
  ["RTNETLINK answers: Network is unreachable", null],
])("ip route get: %j", (text, expected) => {
  expect(parseRouteGet(text)).toEqual(expected);
});

test("a machine without iproute2 shows no way", async () => {
  expect(await showRoute(systemOf({}), "203.0.113.80")).toBeNull();
});

test("ip rule without the kernel's own rules", () => {
  const text = `0:	from all lookup local
1:	from all to 127.0.0.0/8 lookup 127
100:	not from all fwmark 0xca6c lookup 51820
32765:	from 10.0.0.0/8 iif eth0 blackhole
32766:	from all lookup main
32767:	from all lookup default
`;
  expect(parseRules(text, 4)).toEqual([
    { family: 4, priority: 1, selector: "from all to 127.0.0.0/8", table: "127" },
    { family: 4, priority: 100, selector: "not from all fwmark 0xca6c", table: "51820" },
  ]);
  expect(parseRules("", 6)).toEqual([]);
});

test("who listens, by /proc/net/tcp", () => {
  const head = "  sl  local_address rem_address   st tx_queue rx_queue\n";
  const listening = `${head}   0: 0200007F:0035 00000000:0000 0A 00000000:00000000\n`;
  expect(isListening(listening, "127.0.0.2", 53)).toBe(true);
  expect(isListening(listening, "127.0.0.1", 53)).toBe(false);
  expect(isListening(listening, "127.0.0.2", 54)).toBe(false);
  expect(isListening(listening.replace(" 0A ", " 01 "), "127.0.0.2", 53)).toBe(false);
  const any = `${head}   0: 00000000000000000000000000000000:01BB 0:0 0A 0\n`;
  expect(isListening(any, "127.0.0.9", 443)).toBe(true);
  const mapped = `${head}   0: 0000000000000000FFFF00000100007F:01BB 0:0 0A 0\n`;
  expect(isListening(mapped, "127.0.0.1", 443)).toBe(true);
});
