// The routing tables and counters of /proc/net, rows of real machines among them.

import { describe, expect, test } from "vitest";
import { parseRoutes4, parseRoutes6, readSnmp6 } from "../../../probes/linux/proc-net.ts";

const HEAD4 = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT";
const row4 = (...columns: readonly string[]) => `${columns.join("\t")}\t0\t0\t0   `;

describe("IPv4 routes", () => {
  // 198.51.100.1 and 198.51.100.0/25, little-endian.
  const text = [
    HEAD4,
    row4("eth0", "00000000", "016433C6", "0003", "0", "0", "100", "00000000"),
    row4("eth0", "006433C6", "00000000", "0001", "0", "0", "0", "80FFFFFF"),
    row4("eth1", "007100CB", "00000000", "0201", "0", "0", "0", "00FFFFFF"),
    row4("eth1", "00000000", "016433C6", "0002", "0", "0", "0", "00000000"),
    row4("tun0", "057100CB", "016433C6", "0007", "0", "0", "5", "FFFFFFFF"),
    "",
  ].join("\n");

  test("hold gateways, prefixes and metrics; those that are down or reject are left out", () => {
    expect(parseRoutes4(text)).toEqual([
      {
        family: 4,
        prefix: "0.0.0.0/0",
        gateway: "198.51.100.1",
        interface: "eth0",
        metric: 100,
      },
      {
        family: 4,
        prefix: "198.51.100.0/25",
        gateway: null,
        interface: "eth0",
        metric: 0,
      },
      {
        family: 4,
        prefix: "203.0.113.5/32",
        gateway: "198.51.100.1",
        interface: "tun0",
        metric: 5,
      },
    ]);
  });

  test.each([
    "",
    HEAD4,
    `${HEAD4}\n`,
    `${HEAD4}\neth0\n`,
    `${HEAD4}\neth0\t0000\n`,
    `${HEAD4}\nx y z q\n`,
  ])("%j holds none", (nothing) => {
    expect(parseRoutes4(nothing)).toEqual([]);
  });
});

const ZERO = "0".repeat(32);
const row6 = (
  destination: string,
  length: string,
  gateway: string,
  metric: string,
  flags: string,
  name: string,
) =>
  `${destination} ${length} ${ZERO} 00 ${gateway} ${metric} 00000001 00000000 ${flags} ${name.padStart(8)}`;

describe("IPv6 routes", () => {
  const LINK_LOCAL = `fe80${"0".repeat(27)}1`;
  const NET = `20010db8${"0".repeat(24)}`;
  const text = [
    row6(NET, "20", ZERO, "00000100", "00000001", "eth0"),
    row6(ZERO, "00", LINK_LOCAL, "00000400", "00000003", "eth0"),
    row6(ZERO, "00", ZERO, "ffffffff", "00200200", "lo"),
    row6(`${NET.slice(0, 31)}2`, "80", ZERO, "00000000", "80200001", "eth0"),
    row6(`${NET.slice(0, 31)}9`, "80", LINK_LOCAL, "00000000", "01000003", "eth0"),
    row6(ZERO, "00", LINK_LOCAL, "00000400", "00000002", "eth1"),
    "",
  ].join("\n");

  test("hold prefixes, the default route and hexadecimal metrics; local, cached and rejecting rows are left out", () => {
    expect(parseRoutes6(text)).toEqual([
      {
        family: 6,
        prefix: "2001:db8::/32",
        gateway: null,
        interface: "eth0",
        metric: 256,
      },
      {
        family: 6,
        prefix: "::/0",
        gateway: "fe80::1",
        interface: "eth0",
        metric: 1024,
      },
    ]);
  });

  test("of a machine without IPv6 are none", () => {
    expect(parseRoutes6("")).toEqual([]);
    expect(parseRoutes6("garbage in one line\n")).toEqual([]);
  });
});

describe("a counter of snmp6", () => {
  const text = "Ip6InReceives                   \t12\nIcmp6InPktTooBigs               \t3\n";

  test("is read by its whole name", () => {
    expect(readSnmp6(text, "Icmp6InPktTooBigs")).toBe(3);
    expect(readSnmp6(text, "Icmp6InPkt")).toBeUndefined();
    expect(readSnmp6("", "Icmp6InPktTooBigs")).toBeUndefined();
  });
});
