// A default route with two next hops, one of them dead: guest - r1 - site, and a second link whose far end is off.

import { afterEach, describe, expect, it } from "vitest";
import { createChain, SITE } from "./independent/chain.ts";
import { link, type Net } from "./independent/net.ts";
import { tracePath } from "./independent/tool.ts";

const PORT = 8080;
const SERVER = `require("node:http").createServer((_, answer) => answer.end("x".repeat(9000)))
  .listen(${PORT}, "::", () => console.log("ready"));`;

let net: Net | undefined;
afterEach(async () => {
  await net?.remove();
  net = undefined;
});

const NETWORKS = {
  4: { site: SITE[4], live: "10.91.0.2", own: "10.91.77.2/24", dead: "10.91.77.1" },
  6: {
    site: `[${SITE[6]}]`,
    live: "2001:db8:91:0::2",
    own: "2001:db8:77::2/64",
    dead: "2001:db8:77::1",
  },
} as const;

/** The kernel spreads connections by their ports. */
async function twoNextHops(family: 4 | 6, leftOut = false): Promise<Net> {
  ({ net } = await createChain([1500, 1500]));
  const { live, own, dead } = NETWORKS[family];
  await net.serve("site", process.execPath, "-e", SERVER);
  await link(net, ["guest", "eth1"], ["r1", "j1"], 1500);
  await net.ip("guest", "addr", "add", own, "dev", "eth1");
  const hops = ["nexthop", "via", live, "dev", "eth0", "nexthop", "via", dead, "dev", "eth1"];
  await net.ip("guest", `-${family}`, "route", "replace", "default", ...hops);
  net.set("guest", { [`ipv${family}/fib_multipath_hash_policy`]: 1 });
  const keys = ["all", "eth1"].map((name) => `ipv4/conf/${name}/ignore_routes_with_linkdown`);
  // Looked at when the link changes.
  if (leftOut) net.set("guest", Object.fromEntries(keys.map((key) => [key, 1])));
  await net.ip("r1", "link", "set", "j1", "down");
  return net;
}

async function traced(on: Net, family: 4 | 6) {
  const target = `http://${NETWORKS[family].site}:${PORT}/`;
  const { report } = await tracePath(on, [target, "--host-snapshot", "none"]);
  return report;
}

describe.each([4, 6] as const)("over IPv%i", (family) => {
  it("the next hop without carrier is named, and what is left of the route is the fix", async () => {
    const on = await twoNextHops(family);
    const report = await traced(on, family);
    const links = report.events.flatMap((one) => (one.kind === "interfaces" ? one.interfaces : []));
    if (family === 4) {
      expect(links.find(({ name }) => name === "eth1")?.addresses).toContainEqual(
        expect.objectContaining({ address: "10.91.77.2" }),
      );
    }
    const [finding] = report.findings.filter(({ severity }) => severity !== "note");
    expect(finding).toMatchObject({ cause: "gateway-unreachable", segment: "lan-gateway" });
    expect(finding?.summary).toContain(`${NETWORKS[family].dead} on eth1`);
    const [command = ""] = finding?.fixes.flatMap(({ commands }) => commands) ?? [];
    await on.run("guest", "sh", "-c", command.replace(/^sudo /, ""));
    expect((await traced(on, family)).findings.map(({ cause }) => cause)).not.toContain(
      "gateway-unreachable",
    );
  });
});

it("a next hop that the kernel leaves out, as its link has no carrier, is none", async () => {
  const on = await twoNextHops(4, true);
  const report = await traced(on, 4);
  expect([report.verdict, report.findings.map(({ cause }) => cause)]).toEqual(["healthy", []]);
});
