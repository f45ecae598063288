// What counts as a change of the network, and what only counts down.

import { describe, expect, it } from "vitest";
import { changesBetween, stateOfEvents, stateOfLines } from "../../../src/watch/network-state.ts";
import { BEHIND_NAT, interfaces, routes } from "../../builders/events.ts";

const routesOf = (...lines: readonly string[]) => stateOfLines("route", lines.join("\n"));
const DEFAULT = "default via 192.0.2.1 dev eth0";

describe("a change", () => {
  it("of a link's MTU is one of that link", () => {
    const before = interfaces(BEHIND_NAT);
    if (before.kind !== "interfaces") throw new Error(before.kind);
    const after = {
      ...before,
      interfaces: before.interfaces.map((one) => ({ ...one, mtu: 1280 })),
    };
    const found = changesBetween(stateOfEvents([before]), stateOfEvents([after]));
    expect(found.length).toBeGreaterThan(0);
    for (const change of found) {
      expect(change.what).toBe("link");
      expect(change.after).toContain("mtu 1280");
    }
  });

  it("of a route's gateway or MTU has what it was and what it is", () => {
    const after = routesOf(`${DEFAULT} mtu 1400`);
    expect(changesBetween(routesOf(DEFAULT), after)).toEqual([
      { what: "route", subject: "default", before: DEFAULT, after: `${DEFAULT} mtu 1400` },
    ]);
  });

  it("is the last route that goes, and the first that comes", () => {
    expect(changesBetween(routesOf(DEFAULT), routesOf())).toMatchObject([{ after: null }]);
    expect(changesBetween(routesOf(), routesOf(DEFAULT))).toMatchObject([{ before: null }]);
  });

  it("is neither a lifetime that counts down, nor what follows from an address", () => {
    const before = routesOf("default via fe80::1 dev eth0 metric 1024 expires 1795sec pref medium");
    const after = routesOf(
      "default via fe80::1 dev eth0 metric 1024 expires 1200sec pref medium",
      "local 192.0.2.2 dev eth0 table local proto kernel scope host src 192.0.2.2",
      "fe80::/64 dev eth0 proto kernel metric 256 pref medium",
    );
    expect(changesBetween(before, after)).toEqual([]);
  });

  it("is nothing that was not read before, or is not read any more", () => {
    const links = stateOfEvents([interfaces(BEHIND_NAT), routes(BEHIND_NAT)]);
    expect(changesBetween({}, links)).toEqual([]);
    expect(changesBetween(links, {})).toEqual([]);
  });
});
