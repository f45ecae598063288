// Routes and rules that refuse, in tables that /proc does not show, as both users meet them: guest - r1 - site.

import { describe, expect, it } from "vitest";
import { SITE } from "./independent/chain.ts";
import { chainTests } from "./independent/chain-tests.ts";
import { tracePath } from "./independent/tool.ts";

const tests = chainTests(null);
const { folder } = tests;
const chain = async () => (await tests.chain([1500, 1500])).net;

const told = ({ findings }: Awaited<ReturnType<typeof tracePath>>["report"]) =>
  findings.map(({ cause, segment, fixes }) => [
    cause,
    segment,
    ...fixes.flatMap(({ commands }) => commands),
  ]);

describe.each(["none", "root"] as const)("with privilege %s", (privilege) => {
  it("a prohibition of IPv6 in a table of its own is named with its table", async () => {
    const on = await chain();
    await on.ip("guest", "-6", "rule", "add", "priority", "90", "lookup", "77");
    await on.ip("guest", "route", "add", "prohibit", "2001:db8:91::/48", "table", "77");
    const target = `https://[${SITE[6]}]/`;
    const { report } = await tracePath(on, [target, "--host-snapshot", "none"], { privilege });
    const command = "sudo ip -6 route del prohibit 2001:db8:91::/48 metric 1024 table 77";
    expect(told(report)).toEqual([["route-blocks", "linux-stack", command]]);
  });

  it("a black hole that holds the only name server is why no name resolves", async () => {
    const on = await chain();
    await on.ip("guest", "route", "add", "blackhole", `${SITE[4]}/32`);
    const resolvConf = folder.file(`resolv-${privilege}.conf`, `nameserver ${SITE[4]}\n`);
    const options = { privilege, resolvConf };
    const { report } = await tracePath(
      on,
      ["site.example.test", "--host-snapshot", "none"],
      options,
    );
    const command = `sudo ip route del blackhole ${SITE[4]}/32`;
    expect(told(report)).toEqual([["route-blocks", "linux-stack", command]]);
  });
});
