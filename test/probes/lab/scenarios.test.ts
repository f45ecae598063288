// The lab's data is complete and fits together.

import { isIP } from "node:net";
import { describe, expect, it } from "vitest";
import type { Expected } from "../../../probes/lab/src/scenarios/scenario.ts";
import { SCENARIOS, scenarioNamed } from "../../../probes/lab/src/scenarios.ts";

function isAboutNames({ segment }: Expected): boolean {
  return segment === "resolver";
}

describe("the lab's scenarios", () => {
  it("have names of their own", () => {
    const names = SCENARIOS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it("are found by name, and an unknown name is none", () => {
    expect(scenarioNamed("wsl2-vpn")?.expected.cause).toBe("vpn-mtu-inbound-blackhole");
    expect(scenarioNamed("wsl3")).toBeUndefined();
  });

  it("survive JSON, as data should", () => {
    expect(JSON.parse(JSON.stringify(SCENARIOS))).toEqual(SCENARIOS);
  });

  it.each(SCENARIOS)("$name uses only roles that its network has", (scenario) => {
    const { topology, faults, resolvers, vantage } = scenario;
    const { roles } = topology;
    const used = [
      vantage,
      ...faults.map(({ at }) => at),
      ...resolvers.map(({ at }) => at),
      ...topology.routes.map(({ role }) => role),
      ...topology.masquerades.map(({ role }) => role),
      ...topology.links.flatMap(({ ends }) => ends.map(({ role }) => role)),
    ];
    expect(roles).toEqual(expect.arrayContaining(used));
  });

  it.each(SCENARIOS)("$name has both families on every link", ({ topology }) => {
    for (const { addresses } of topology.links.flatMap(({ ends }) => ends)) {
      expect(addresses.some((address) => address.includes(":"))).toBe(true);
      expect(addresses.some((address) => !address.includes(":"))).toBe(true);
    }
  });

  it.each(SCENARIOS)(
    "$name names a Windows adapter for every interface of the host",
    ({ topology }) => {
      const tunnel = topology.tunnel === null ? [] : [topology.tunnel.client];
      const ends = [...topology.links.flatMap((link) => link.ends), ...tunnel];
      const own = ends.filter(({ role }) => role === "host").map((end) => end.interface);
      expect(topology.adapters.map((adapter) => adapter.interface).sort()).toEqual(own.sort());
    },
  );

  it.each(
    SCENARIOS.filter(
      ({ command, expected, target }) =>
        // A port has no name.
        command !== "inbound" && !isIP(hostOf(target)) && !isAboutNames(expected),
    ),
  )("$name answers for the target that it traces", ({ zone, target, distro, services }) => {
    const host = hostOf(target);
    const names = [host, ...distro.search.map((domain) => `${host}.${domain}`)];
    const atProxy = services.some((one) => one.kind === "proxy" && one.knows?.[host] !== undefined);
    expect(atProxy || names.some((name) => zone[name] !== undefined)).toBe(true);
  });
});

function hostOf(target: string): string {
  if (target.includes("://")) return new URL(target).hostname;
  // A name or an IPv4 address with its port; more colons are IPv6.
  return /^([^:]+):\d+$/.exec(target)?.[1] ?? target;
}
