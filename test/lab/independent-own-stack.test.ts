// What this machine's own stack does with the connection, as an ordinary user meets it, who sees counters alone: guest - r1 - site.

import { describe, expect, it } from "vitest";
import { chainTests, HTTP_PORT, httpUrl, ownFilter } from "./independent/chain-tests.ts";
import { link, type Net } from "./independent/net.ts";
import { tracePath } from "./independent/tool.ts";

const tests = chainTests(null);

const chain = async () => (await tests.chain([1500, 1500], "http")).net;

async function told(on: Net, family: 4 | 6): Promise<readonly string[]> {
  const { report } = await tracePath(on, [httpUrl(family), "--host-snapshot", "none"]);
  return report.findings
    .filter(({ severity }) => severity !== "note")
    .map(({ cause, segment, direction }) => `${cause} ${segment} ${direction}`);
}

/** Packets that reach the guest all the time, and that nothing here asked for. */
const NOISE = (to: string, perSecond: number) => `
  const socket = require("node:dgram").createSocket("udp4");
  setInterval(() => socket.send("noise", 9999, "${to}"), ${1000 / perSecond});
  console.log("ready");`;

describe.each([4, 6] as const)("over IPv%i", (family) => {
  it.each([
    ["input", `tcp sport ${HTTP_PORT} drop`, "inbound"],
    ["output", `tcp dport ${HTTP_PORT} drop`, "outbound"],
    ["output", `tcp dport ${HTTP_PORT} reject with tcp reset`, "outbound"],
    ["output", `tcp dport ${HTTP_PORT} reject with icmpx type port-unreachable`, "outbound"],
  ])("a rule on %s, %s, is the distro's own", async (hook, rule, direction) => {
    const on = await chain();
    await on.nft("guest", ownFilter(hook, rule));
    expect(await told(on, family)).toEqual([`linux-firewall-in-distro linux-stack ${direction}`]);
  });

  it("a port that a router drops is none of it, while the guest drops others' packets", async () => {
    const on = await chain();
    await on.nft("guest", ownFilter("input", "udp dport 9999 drop"));
    await on.nft("r1", ownFilter("forward", `tcp dport ${HTTP_PORT} drop`));
    await on.serve("r1", process.execPath, "-e", NOISE("10.91.0.1", 40));
    expect(await told(on, family)).toEqual(["port-filtered null null"]);
  });
});

describe("the reverse-path filter", () => {
  const secondLink = async (on: Net) => {
    await link(on, ["guest", "eth1"], ["r1", "j1"], 1500);
    await on.ip("r1", "addr", "add", "10.91.77.1/24", "dev", "j1");
    await on.ip("guest", "addr", "add", "10.91.77.2/24", "dev", "eth1");
    await on.run("guest", "sysctl", "-qw", "net.ipv4.conf.all.rp_filter=1");
  };

  it("is named where the answers come in by the wrong interface", async () => {
    const on = await chain();
    await secondLink(on);
    await on.ip("r1", "route", "add", "10.91.0.1/32", "via", "10.91.77.2", "dev", "j1");
    expect(await told(on, 4)).toEqual(["rp-filter-drop linux-stack inbound"]);
  });

  it("is not named for what it drops of others, while a router drops the port", async () => {
    const on = await chain();
    await secondLink(on);
    await on.ip("r1", "addr", "add", "10.91.99.1/32", "dev", "lo");
    await on.nft("r1", ownFilter("forward", `tcp dport ${HTTP_PORT} drop`));
    const noise = NOISE("10.91.77.2", 40).replace(
      'createSocket("udp4")',
      'createSocket("udp4").bind(0, "10.91.99.1")',
    );
    await on.serve("r1", process.execPath, "-e", noise);
    expect(await told(on, 4)).toEqual(["port-filtered null null"]);
  });
});
