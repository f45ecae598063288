// Routers that spread flows over two paths: which routers there are, and a path that is dead for some ports.

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Family } from "../../src/schema/events/common.ts";
import { createDiamond, DIAMOND } from "./independent/diamond.ts";
import type { Net } from "./independent/net.ts";
import { makeServerFiles, type ServerFiles, startServer } from "./independent/server.ts";
import { createFolder, tracePath } from "./independent/tool.ts";

const folder = createFolder();
const FAMILIES: readonly Family[] = [4, 6];
let files: ServerFiles;
let net: Net | undefined;

beforeAll(async () => {
  files = await makeServerFiles(folder, "site", 0, [DIAMOND[4].site, DIAMOND[6].site]);
});
afterEach(async () => {
  await net?.remove();
  net = undefined;
});
afterAll(() => folder.remove());

async function diamond(policy: 1 | 3 = 3): Promise<Net> {
  net = await createDiamond(policy);
  await startServer(net, files, 400);
  return net;
}

const trace = async (on: Net, family: Family, ...more: readonly string[]) => {
  const { site } = DIAMOND[family];
  const target = family === 4 ? `https://${site}/` : `https://[${site}]/`;
  const base = [target, "--ca", files.ca, "--host-snapshot", "none"];
  return (await tracePath(on, [...base, ...more])).report;
};

const told = ({ findings }: Awaited<ReturnType<typeof trace>>) =>
  findings.map(({ cause, severity }) => `${cause} ${severity}`);

/** What a router forwards to the server is lost by this rule. */
const dead = (rule: string) => `table inet dead {
  chain packets {
    type filter hook forward priority 0; policy accept;
    ${rule}
  }
}
`;

describe.each(FAMILIES)("a diamond over IPv%i", (family) => {
  const { a, b, near, site } = DIAMOND[family];

  it("shows both routers of its middle when several flows are requested", async () => {
    const report = await trace(await diamond(), family, "--flows", "8");
    expect(report.verdict).toBe("healthy");
    const hops = report.chain.filter(({ ttl }) => ttl !== null);
    expect(hops.map(({ ttl }) => ttl)).toEqual([1, 2, 3, 4]);
    expect(hops[0]?.address).toBe(near);
    expect(hops[3]?.address).toBe(site);
    const [, middle] = hops;
    expect(middle?.branches.map(({ address }) => address).sort()).toEqual([a, b]);
    const flows = middle?.branches.flatMap((branch) => branch.flows) ?? [];
    expect(flows.sort((x, y) => x - y)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it.each([
    // Twelve ports all take one path once in 2048 runs, and then there is nothing to see.
    { asked: ["--flows", "12"] },
    // Eight ports and the connection itself: once in 256.
    { asked: [] },
  ])("whose one path is dead is distinguished from loss: $asked", async ({ asked }) => {
    const on = await diamond();
    await on.nft("b", dead('iifname "inB" drop'));
    const report = await trace(on, family, ...asked);
    expect(told(report).filter((one) => !one.endsWith("note"))).toEqual([
      expect.stringMatching(/^ecmp-branch-broken (fault|warning)$/),
    ]);
    const [finding] = report.findings;
    expect(finding?.summary).toContain(`router that sees one of them is ${b}, at TTL 2`);
    expect(finding?.segment).toBe("internet-hop");
  });

  it("whose one path is dead, and whose routers send repetitions over another path, is that or loss", async () => {
    // Policy 1 takes the sender's own hash where both share a kernel, and TCP changes it with each repetition.
    const on = await diamond(1);
    await on.nft("b", dead('iifname "inB" drop'));
    const report = await trace(on, family);
    expect(told(report).filter((one) => !one.endsWith("note"))).toEqual([
      expect.stringMatching(/^(ecmp-branch-broken|path-loss) (fault|warning)$/),
    ]);
  });

  it("whose one path drops the port, with another path for each repetition, loses new connections", async () => {
    const on = await diamond(1);
    await on.nft("b", dead('iifname "inB" tcp dport 443 drop'));
    const report = await trace(on, family);
    expect(told(report).filter((one) => !one.endsWith("note"))).toEqual([
      expect.stringMatching(/^new-connections-lost (fault|warning)$/),
    ]);
  });

  it("that loses every fourth packet is no dead path", async () => {
    const on = await diamond();
    const lose = "numgen random mod 4 == 0 drop";
    await on.nft("a", dead(lose));
    await on.nft("b", dead(lose));
    const report = await trace(on, family, "--flows", "12");
    expect(told(report).join()).not.toContain("ecmp");
    expect(told(report).join()).not.toContain("port-filtered");
  });

  it("in front of a port that is filtered for all is no dead path", async () => {
    const on = await diamond();
    await on.nft("far", dead("tcp dport 443 drop"));
    expect(told(await trace(on, family))).toEqual(["port-filtered fault"]);
  });

  it.each([
    { else: "answers all else", rules: "" },
    { else: "answers nothing else", rules: "meta l4proto udp drop; icmp type echo-request drop;" },
  ])(
    "in front of a filter that admits few new connections a second and $else is no dead way",
    async ({ rules }) => {
      const on = await diamond();
      const few = "tcp dport 443 tcp flags syn limit rate over 4/second burst 4 packets drop";
      await on.nft("far", dead(`${rules}${few}`));
      for (const asked of [["--flows", "12"], []]) {
        const report = await trace(on, family, ...asked);
        expect(told(report).filter((one) => !one.endsWith("note"))).toEqual([]);
      }
    },
  );

  it("in front of a server that takes few connections at a time is healthy", async () => {
    const on = await diamond();
    await on.nft("far", dead("tcp dport 443 ct state new ct count over 3 drop"));
    const report = await trace(on, family);
    expect(told(report).filter((one) => !one.endsWith("note"))).toEqual([]);
  });
});
