// Loss, limits on ICMP and silent hops: alike at first sight, and distinguished.

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Chain, createChain, SITE } from "./independent/chain.ts";
import type { Net } from "./independent/net.ts";
import { makeServerFiles, type ServerFiles, startServer } from "./independent/server.ts";
import { createFolder, tracePath } from "./independent/tool.ts";

const folder = createFolder();
const SITES = [SITE[4], SITE[6]];
let files: ServerFiles;
let net: Net | undefined;

beforeAll(async () => {
  files = await makeServerFiles(folder, "site", 20, SITES);
});
afterEach(async () => {
  await net?.remove();
  net = undefined;
});
afterAll(() => folder.remove());

/** Five routers, and a server that answers. */
async function chain(): Promise<Chain> {
  const made = await createChain([1500, 1500, 1500, 1500, 1500, 1500]);
  net = made.net;
  await startServer(made.net, files, 60_000);
  return made;
}

const hook = (name: string, rule: string) => `table inet seen_${name} {
  chain packets {
    type filter hook ${name} priority -200; policy accept;
    ${rule}
  }
}
`;
const lossy = (percent: number) => `numgen random mod 1000 < ${percent * 10} drop`;

const targets = [`https://${SITE[4]}/`, `https://[${SITE[6]}]/`];

const trace = async ({ net: on }: Chain, target = targets[0] ?? "", root = false) => {
  const args = [target, "--ca", files.ca, "--host-snapshot", "none"];
  return (await tracePath(on, args, { privilege: root ? "root" : "none" })).report;
};
type Traced = Awaited<ReturnType<typeof trace>>;

const causes = ({ findings }: Traced) =>
  findings.map(({ cause, severity }) => `${cause} ${severity}`);
const locationOf = ({ findings }: Traced, cause: string) => {
  const found = findings.find((finding) => finding.cause === cause);
  return found?.segment ?? found?.between?.join("..") ?? null;
};

describe.each(targets)("to %s", (target) => {
  it.each([25, 40])("%i percent in the middle is path-loss there", async (percent) => {
    const on = await chain();
    await on.net.nft("r2", hook("forward", lossy(percent)));
    const report = await trace(on, target);
    expect(["degraded", "fault"]).toContain(report.verdict);
    expect(report.findings[0]?.cause).toBe("path-loss");
    // Where the samples leave more than one hop the location is an interval, and holds the right one.
    expect(locationOf(report, "path-loss")).toMatch(/internet-hop/);
    // Nobody is silent here: some answers were lost.
    expect(causes(report)).not.toContain("hop-silent note");
  });

  it("30 percent in each direction are half of all connection requests, whoever connects", async () => {
    const on = await chain();
    await on.net.nft("r4", hook("forward", lossy(30)));
    for (const root of [false, true]) {
      const { findings } = await trace(on, target, root);
      const { cause, summary } = findings[0] ?? {};
      const seen = `${cause}: ${summary}`;
      const [, lost] = /^path-loss: (\d+) of 40 connection requests/.exec(seen) ?? [];
      expect(lost, seen).toBeDefined();
      // 20.4 are expected, with a standard deviation of 3.2.
      expect(Number(lost)).toBeGreaterThan(8);
      expect(Number(lost)).toBeLessThan(33);
    }
  });

  it("40 percent on the first link begins at the gateway", async () => {
    const on = await chain();
    await on.net.nft(
      "r1",
      hook("prerouting", `iifname "i0" meta l4proto { tcp, udp } ${lossy(40)}`),
    );
    const report = await trace(on, target);
    expect(report.findings[0]?.cause).toBe("path-loss");
    expect(["lan-gateway", "linux-nic..internet-hop", "lan-gateway..internet-hop"]).toContain(
      locationOf(report, "path-loss"),
    );
  });

  it("a silent hop is a note", async () => {
    const on = await chain();
    await on.net.nft(
      "r3",
      hook("output", "meta l4proto icmp drop\n icmpv6 type { 1, 3, 129 } drop"),
    );
    const report = await trace(on, target);
    expect([report.verdict, causes(report)]).toEqual(["healthy", ["hop-silent note"]]);
    expect(report.findings[0]).toMatchObject({ segment: "internet-hop", direction: null });
    expect(report.findings[0]?.summary).toContain("hop 3 ");
  });

  it("no ICMP from anywhere is a note", async () => {
    const on = await chain();
    const mute = hook("output", "icmp type != echo-request drop\n icmpv6 type { 1, 3, 129 } drop");
    for (const host of [...on.routers, "site"]) await on.net.nft(host, mute);
    const report = await trace(on, target);
    expect([report.verdict, causes(report)]).toEqual(["healthy", ["icmp-filtered note"]]);
  });

  it("a target that answers ICMP now and then is limited, not lossy", async () => {
    const on = await chain();
    const kind =
      target === targets[0]
        ? "icmp type destination-unreachable"
        : "icmpv6 type destination-unreachable";
    await on.net.nft(
      "site",
      hook("output", `${kind} limit rate over 20/minute burst 1 packets drop`),
    );
    const report = await trace(on, target);
    expect(report.verdict).toBe("healthy");
    expect(causes(report).filter((cause) => !cause.endsWith("note"))).toEqual([]);
    expect(causes(report)).toContain("icmp-rate-limited note");
  });

  it.each(["r1", "r4"])("a hop %s that answers seldom is no loss", async (host) => {
    const on = await chain();
    const kinds = "meta l4proto { icmp, icmpv6 } limit rate over 6/minute burst 1 packets drop";
    await on.net.nft(host, hook("output", `icmpv6 type { 135, 136 } accept\n ${kinds}`));
    const report = await trace(on, target);
    expect(report.verdict).toBe("healthy");
    expect(causes(report).filter((cause) => !cause.endsWith("note"))).toEqual([]);
  });
});

describe("little loss", () => {
  it.each([1, 2, 3])("of one percent is no finding, run %i", async () => {
    const on = await chain();
    await on.net.nft("r2", hook("forward", lossy(1)));
    const report = await trace(on);
    expect(causes(report).filter((cause) => cause === "path-loss fault")).toEqual([]);
    expect(causes(report).filter((cause) => cause.includes("blackhole"))).toEqual([]);
  });
});

describe("two faults", () => {
  it("a filtered port on a lossy path is a filtered port", async () => {
    const on = await chain();
    await on.net.nft("r2", hook("forward", lossy(10)));
    await on.net.nft("site", hook("prerouting", "tcp dport 443 drop"));
    const report = await trace(on);
    expect(report.findings[0]?.cause).toBe("port-filtered");
  });

  it("loss beside a name server that is silent leaves the name server first", async () => {
    const on = await chain();
    await on.net.nft("r2", hook("forward", lossy(30)));
    const report = await trace(on, targets[0] ?? "", true);
    expect(report.findings[0]?.cause).toBe("path-loss");
  });
});
