// ipconfig, route print and netsh, read by the shape of their rows.

import { describe, expect, test } from "vitest";
import { decodeOutput } from "../../../probes/windows/decode.ts";
import { maskLength, parseIpconfig } from "../../../probes/windows/ipconfig.ts";
import { parseNetsh } from "../../../probes/windows/netsh.ts";
import { parseRoutePrint } from "../../../probes/windows/route-print.ts";
import {
  interfacesText,
  ipconfigText,
  LANGUAGES,
  NETSH_ROUTES,
  routeText,
} from "../../builders/windows-texts.ts";

describe.each(Object.entries(LANGUAGES))("ipconfig /all in %s", (_, words) => {
  const plain = (text: string) => decodeOutput(Buffer.from(text, "utf8"), null);

  test("gives adapters, own addresses and name servers", () => {
    const { blocks, notUnderstood } = parseIpconfig(plain(ipconfigText(words)));
    expect(notUnderstood).toEqual([]);
    expect(blocks).toEqual([
      {
        title: `${words.ethernet} ${words.lan}`,
        description: "Example Gigabit Controller",
        connected: true,
        addresses: [
          { address: "2001:db8::20", prefixLength: null, zone: null },
          { address: "fe80::20", prefixLength: null, zone: 9 },
          { address: "192.0.2.20", prefixLength: 24, zone: null },
        ],
        dnsServers: ["2001:db8::53", "192.0.2.53"],
      },
      {
        title: `${words.ethernet} vEthernet (WSL)`,
        description: "Hyper-V Virtual Ethernet Adapter",
        connected: true,
        addresses: [{ address: "198.51.100.1", prefixLength: 25, zone: null }],
        dnsServers: [],
      },
      {
        title: `${words.ethernet} Example Corp`,
        description: "Example Corp",
        connected: true,
        addresses: [{ address: "203.0.113.130", prefixLength: 32, zone: null }],
        dnsServers: ["203.0.113.53"],
      },
      {
        title: `${words.ethernet} ${words.lan} 2`,
        description: "Example Gigabit Controller #2",
        connected: false,
        addresses: [],
        dnsServers: [],
      },
    ]);
  });

  test("is the same when it is posted indented", () => {
    const text = plain(ipconfigText(words));
    const indented = text.replace(/^(?=.)/gm, "    ");
    expect(parseIpconfig(indented)).toEqual(parseIpconfig(text));
  });
});

test.each([
  ["255.255.255.0", 24],
  ["255.255.240.0", 20],
  ["255.255.255.255", 32],
  ["128.0.0.0", 1],
  ["0.0.0.0", null],
  ["255.0.255.0", null],
  ["192.0.2.1", null],
  ["", null],
])("the mask %s has length %s", (text, length) => {
  expect(maskLength(text)).toBe(length);
});

test.each(["On-link", "Auf Verbindung", "Conectado", "在链路上", "リンク上"])(
  'route print with "%s" gives both families',
  (words) => {
    const { interfaces, routes, notUnderstood } = parseRoutePrint(routeText(words));
    expect(notUnderstood).toEqual([]);
    expect(interfaces.map(({ index }) => index)).toEqual([9, 31, 62, 17, 1]);
    expect(interfaces[3]?.description).toBe("Example Tunneling Adapter");
    expect(routes).toEqual([
      {
        prefix: "0.0.0.0/0",
        nextHop: "192.0.2.1",
        metric: 4275,
        interface: { address: "192.0.2.20" },
      },
      { prefix: "0.0.0.0/0", nextHop: null, metric: 26, interface: { address: "203.0.113.130" } },
      { prefix: "127.0.0.0/8", nextHop: null, metric: 4556, interface: { address: "127.0.0.1" } },
      { prefix: "192.0.2.0/24", nextHop: null, metric: 4531, interface: { address: "192.0.2.20" } },
      {
        prefix: "198.51.100.0/25",
        nextHop: null,
        metric: 5256,
        interface: { address: "198.51.100.1" },
      },
      { prefix: "::/0", nextHop: "fe80::1", metric: 281, interface: { index: 9 } },
      { prefix: "::1/128", nextHop: null, metric: 331, interface: { index: 1 } },
      { prefix: "2001:db8::/64", nextHop: null, metric: 281, interface: { index: 9 } },
      {
        prefix: "2001:db8::1111:2222:3333:20/128",
        nextHop: null,
        metric: 281,
        interface: { index: 9 },
      },
    ]);
  },
);

test("netsh gives interfaces, routes, subinterfaces and port ranges", () => {
  expect(parseNetsh(interfacesText("Büro")).rows.at(1)).toEqual({
    kind: "interface",
    index: 9,
    metric: 4250,
    mtu: 1500,
    connected: true,
    name: "Büro",
  });
  expect(parseNetsh(interfacesText("Büro")).rows.at(-1)).toMatchObject({ connected: false });
  expect(parseNetsh("  3   25   1500  verbunden   LAN").rows).toMatchObject([{ connected: null }]);
  expect(parseNetsh(NETSH_ROUTES).rows).toMatchObject([
    { kind: "route", metric: 25, prefix: "0.0.0.0/0", index: 9, nextHop: "192.0.2.1" },
    { prefix: "0.0.0.0/0", index: 62, nextHop: null },
    { index: 1 },
    { index: 9 },
    { prefix: "198.51.100.0/25", index: 31, nextHop: null },
  ]);
  expect(parseNetsh("  1400                5    12    34  LAN 2").rows).toEqual([
    { kind: "subinterface", mtu: 1400, connected: false, name: "LAN 2" },
  ]);
  expect(parseNetsh("  50000   50059     *\n 90 80").rows).toEqual([
    { kind: "port-range", startPort: 50000, endPort: 50059 },
  ]);
});
