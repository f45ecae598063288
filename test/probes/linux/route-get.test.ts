// iproute2's own output: routes, rules, and listening sockets.

import { expect, test } from "vitest";
import { isListening } from "../../../probes/linux/failure.ts";
import { parseRules } from "../../../probes/linux/policy-rules.ts";
import { parseRouteGet, showRoutes } from "../../../probes/linux/route-get.ts";
import { parseTcpTable } from "../../../probes/linux/tcp-table.ts";
import type { System } from "../../../probes/system.ts";
import { systemOf } from "../../builders/files.ts";

test.each([
  [
    "203.0.113.80 via 198.51.100.1 dev eth0 src 198.51.100.20 uid 1000 \n    cache \n",
    {
      device: "eth0",
      gateway: "198.51.100.1",
      table: null,
      expires: false,
      source: "198.51.100.20",
      mtu: null,
    },
  ],
  [
    "203.0.113.80 dev wg0 table 51820 src 10.9.0.2 uid 0 \n    cache \n",
    { device: "wg0", gateway: null, table: "51820", expires: false, source: "10.9.0.2", mtu: null },
  ],
  [
    "203.0.113.80 via inet6 fe80::1 dev eth0 src 198.51.100.20 \n    cache expires 520sec mtu 1400 \n",
    {
      device: "eth0",
      gateway: "fe80::1",
      table: null,
      expires: true,
      source: "198.51.100.20",
      mtu: 1400,
    },
  ],
  [
    "127.0.0.1 via 169.254.73.249 dev loopback0 table 127 src 127.0.0.1 uid 0 \n    cache \n",
    {
      device: "loopback0",
      gateway: "169.254.73.249",
      table: "127",
      expires: false,
      source: "127.0.0.1",
      mtu: null,
    },
  ],
  [
    "local 127.0.0.1 dev lo src 127.0.0.1 uid 0 \n    cache <local> \n",
    { device: "lo", gateway: null, table: null, expires: false, source: "127.0.0.1", mtu: null },
  ],
  [
    "2001:db8:80::80 from :: via fe80::5 dev eth0 proto ra src 2001:db8::9 metric 100 pref medium\n",
    {
      device: "eth0",
      gateway: "fe80::5",
      table: null,
      expires: false,
      source: "2001:db8::9",
      mtu: null,
    },
  ],
  ["", null],
  ["RTNETLINK answers: Network is unreachable", null],
])("ip route get: %j", (text, expected) => {
  expect(parseRouteGet(text)).toEqual(expected);
});

const VIA = {
  device: "eth0",
  gateway: "198.51.100.1",
  table: null,
  expires: false,
  source: null,
  mtu: null,
};
const alone = (address: string) => `${address} via 198.51.100.1 dev eth0 uid 0 \n    cache \n`;
const ADDRESSES = ["203.0.113.80", "2001:db8:80::80"] as const;

/** An `ip` that writes down its input. */
function ipOf(answers: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const system: System = {
    ...systemOf({}),
    run: async (file, args, options) => {
      const line = [file, ...args].join(" ");
      asked.push(
        line,
        ...String(options?.input ?? "")
          .split("\n")
          .filter((one) => one !== ""),
      );
      const stdout = answers[line];
      const exitCode = stdout === undefined ? 255 : 0;
      return { exitCode, stdout: stdout ?? "", stderr: "" };
    },
  };
  return { system, asked };
}

const BATCH = "ip -o -force -batch -";

test("a machine without iproute2 shows no route", async () => {
  const [one] = ADDRESSES;
  expect(await showRoutes(systemOf({}), [one])).toEqual(new Map([[one, null]]));
  expect([...(await showRoutes(systemOf({}), ADDRESSES)).values()]).toEqual([null, null]);
});

test("several addresses are looked up by one program, in whatever order it answers", async () => {
  const [four, six] = ADDRESSES;
  const { system, asked } = ipOf({
    [BATCH]: `local ${six} from :: dev lo table local src ${six} metric 0 pref medium
${four} via 198.51.100.1 dev eth0 src 198.51.100.20 uid 0 \\    cache expires 520sec mtu 1400 
`,
  });
  const shown = await showRoutes(system, ADDRESSES, { device: "eth0" });
  expect(shown.get(four)).toMatchObject({ device: "eth0", gateway: "198.51.100.1", expires: true });
  expect(shown.get(six)).toMatchObject({
    device: "lo",
    gateway: null,
    table: "local",
    expires: false,
  });
  expect(asked).toMatchObject([BATCH, `route get ${four} oif eth0`, `route get ${six} oif eth0`]);
});

test("an address that a batch does not answer is looked up alone, as with an ip that knows no batch", async () => {
  const [four, six] = ADDRESSES;
  const { system, asked } = ipOf({ [BATCH]: "", [`ip route get ${four}`]: alone(four) });
  const shown = await showRoutes(system, ADDRESSES);
  expect(shown).toEqual(
    new Map([
      [four, VIA],
      [six, null],
    ]),
  );
  expect(asked.slice(3)).toEqual([`ip route get ${four}`, `ip route get ${six}`]);
});

test("what a line of a batch cannot hold is never in one", async () => {
  const zoned = "fe80::1%eth0";
  const { system, asked } = ipOf({});
  await showRoutes(system, [zoned, ADDRESSES[0]]);
  await showRoutes(system, ADDRESSES, { device: 'a"b' });
  expect(asked).not.toContain(BATCH);
  expect(asked).toContain(`ip route get ${zoned}`);
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
  const listens = (text: string, address: string, port: number) =>
    isListening(parseTcpTable(text), address, port);
  const head = "  sl  local_address rem_address   st tx_queue rx_queue\n";
  const listening = `${head}   0: 0200007F:0035 00000000:0000 0A 00000000:00000000\n`;
  expect(listens(listening, "127.0.0.2", 53)).toBe(true);
  expect(listens(listening, "127.0.0.1", 53)).toBe(false);
  expect(listens(listening, "127.0.0.2", 54)).toBe(false);
  expect(listens(listening.replace(" 0A ", " 01 "), "127.0.0.2", 53)).toBe(false);
  const any = `${head}   0: 00000000000000000000000000000000:01BB 0:0 0A 0\n`;
  expect(listens(any, "127.0.0.9", 443)).toBe(true);
  const mapped = `${head}   0: 0000000000000000FFFF00000100007F:01BB 0:0 0A 0\n`;
  expect(listens(mapped, "127.0.0.1", 443)).toBe(true);
});
