// A guest with two paths out: the routes' own, and the one that --interface names.
//
//   guest ==== r1 ---- site        eth0 1500 bytes, eth1 1400 and dearer

import { describe, expect, it } from "vitest";
import { SITE } from "./independent/chain.ts";
import { chainTests } from "./independent/chain-tests.ts";
import { link, type Net } from "./independent/net.ts";
import { ENGINES, runTool, tracePath } from "./independent/tool.ts";

const tests = chainTests(20);

const SECOND = { 4: "10.92.0.2", 6: "2001:db8:92::2" } as const;

async function twoPaths(): Promise<Net> {
  const { net } = await tests.chain([1500, 1500], 4000);
  await link(net, ["guest", "eth1"], ["r1", "i9"], 1400);
  for (const [host, device, n] of [
    ["guest", "eth1", 1],
    ["r1", "i9", 2],
  ] as const) {
    await net.ip(host, "addr", "add", `10.92.0.${n}/24`, "dev", device);
    await net.ip(host, "addr", "add", `2001:db8:92::${n}/64`, "dev", device);
  }
  const dearer = ["dev", "eth1", "metric", "5000"];
  await net.ip("guest", "route", "add", "default", "via", SECOND[4], ...dearer);
  await net.ip("guest", "-6", "route", "add", "default", "via", SECOND[6], ...dearer);
  await net.ip("site", "route", "add", "10.92.0.0/24", "via", "10.91.1.1");
  await net.ip("site", "-6", "route", "add", "2001:db8:92::/64", "via", "2001:db8:91:1::1");
  return net;
}

describe.each(ENGINES)("with $engine", ({ flags, privilege }) => {
  it.each([4, 6] as const)("--interface is the route that is taken over IPv%i", async (family) => {
    const on = await twoPaths();
    const host = family === 4 ? SITE[4] : `[${SITE[6]}]`;
    const common = [`https://${host}/`, "--ca", tests.files.ca, "--host-snapshot", "none", "-n"];
    const args = [...common, ...flags, "--interface", "eth1"];
    const { report } = await tracePath(on, args, { privilege });
    expect(report.verdict).toBe("healthy");
    const nic = report.chain.find(({ kind }) => kind === "linux-nic");
    expect(nic).toMatchObject({ name: "eth1", mtu: 1400 });
    expect(report.chain.find(({ ttl }) => ttl === 1)?.address).toBe(SECOND[family]);
    expect(report.pmtu.outbound).toMatchObject({ bytes: 1400, below: null });
  });
});

it("an interface that is not there is reported, and nothing is sent", async () => {
  const on = await twoPaths();
  const args = ["path", `https://${SITE[4]}/`, "--interface", "nope0", "--host-snapshot", "none"];
  const { code, stderr } = await runTool(on, "guest", args);
  expect([code, stderr]).toEqual([
    2,
    "wsl-trace: --interface nope0 cannot be used (ENODEV): `ip link` shows those that there are\n",
  ]);
});
