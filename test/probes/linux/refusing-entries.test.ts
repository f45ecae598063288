// Which routes and rules that refuse hold an address, as iproute2 prints them.

import { describe, expect, test } from "vitest";
import { refusingRoutes, refusingRules } from "../../../probes/linux/refusing-entries.ts";

const refused = (error: string, more: object = {}) => ({
  family: 4 as const,
  address: "192.0.2.80",
  error,
  sources: ["10.0.0.5"],
  ...more,
});

describe("routes", () => {
  const text = [
    "blackhole default metric 500 ",
    "default via 10.0.0.1 dev eth0 ",
    "blackhole 192.0.2.0/24 proto static ",
    "blackhole 192.0.2.80 table 7 metric 5 ",
    "unreachable 192.0.2.64/26 ",
    "blackhole 198.51.100.0/24 ",
  ].join("\n");

  test("are those of the error's type, in each table the longest prefix", () => {
    expect(refusingRoutes(text, refused("EINVAL"))).toEqual([
      { kind: "route", type: "blackhole", prefix: "192.0.2.80/32", table: "7", metric: 5 },
      { kind: "route", type: "blackhole", prefix: "192.0.2.0/24", table: null, metric: null },
    ]);
    expect(refusingRoutes(text, refused("EHOSTUNREACH"))).toMatchObject([{ type: "unreachable" }]);
  });

  test("stand for no other error, and not for a connection to a port alone", () => {
    expect(refusingRoutes(text, refused("ENETUNREACH"))).toEqual([]);
    expect(refusingRoutes(text, refused("EACCES"))).toEqual([]);
    expect(refusingRoutes(text, refused("EINVAL", { port: 443 }))).toEqual([]);
  });

  test("of IPv6 have a device that means nothing", () => {
    const six = "prohibit 2001:db8:e0::/48 dev lo metric 1024 pref medium";
    const at = refused("EACCES", { family: 6, address: "2001:db8:e0::80" });
    expect(refusingRoutes(six, at)).toEqual([
      { kind: "route", type: "prohibit", prefix: "2001:db8:e0::/48", table: null, metric: 1024 },
    ]);
  });
});

describe("rules", () => {
  const selected = (selector: string, more: object = {}) =>
    refusingRules(`100:\t${selector} prohibit`, refused("EACCES", more)).length === 1;

  test.each([
    "from all",
    "from all to 192.0.2.0/24",
    "from 10.0.0.0/8",
    "from all iif lo",
    "not from all to 198.51.100.0/24",
    "not from all fwmark 0xca6c",
  ])("%s is about the packet", (selector) => {
    expect(selected(selector)).toBe(true);
  });

  test.each([
    "from all to 198.51.100.0/24",
    "from 172.16.0.0/12",
    "from all iif docker0",
    "from all fwmark 0x7",
    "not from all to 192.0.2.80",
    "from all ipproto tcp dport 443",
  ])("%s is not", (selector) => {
    expect(selected(selector)).toBe(false);
  });

  test("that go by the port are about the connection alone", () => {
    expect(selected("from all ipproto tcp dport 443", { port: 443 })).toBe(true);
    expect(selected("from all dport 400-500", { port: 443 })).toBe(true);
    expect(selected("from all dport 80", { port: 443 })).toBe(false);
    expect(selected("from all ipproto udp dport 443", { port: 443 })).toBe(false);
    expect(selected("from all", { port: 443 })).toBe(false);
  });

  test("of another type have another error", () => {
    expect(refusingRules("5:\tfrom all unreachable", refused("EACCES"))).toEqual([]);
    expect(refusingRules("5:\tfrom all unreachable", refused("ENETUNREACH"))).toEqual([
      { kind: "rule", type: "unreachable", priority: 5, selector: "from all" },
    ]);
  });
});
