// `wsl-trace mtu` over chains of links with sizes of their own: each hop, each protocol, both directions.

import { describe, expect, it } from "vitest";
import { type Chain, SITE } from "./independent/chain.ts";
import { chainTests } from "./independent/chain-tests.ts";
import type { Net } from "./independent/net.ts";
import { SILENT_ABOUT_SIZE } from "./independent/net.ts";
import { makeServerFiles, startServer } from "./independent/server.ts";
import { ENGINES, type ToolOptions, traceWith } from "./independent/tool.ts";

const tests = chainTests(90);

/** @param mtus of the links from the guest to the server */
const links = (...mtus: readonly number[]) => tests.chain(mtus, 40_000);

type Run = Pick<ToolOptions, "privilege"> & { readonly flags: readonly string[] };

async function sizes(on: Chain, family: 4 | 6, { flags, privilege = "none" }: Run) {
  const host = family === 4 ? SITE[4] : `[${SITE[6]}]`;
  const args = [`https://${host}/`, "--ca", tests.files.ca, "--host-snapshot", "none", ...flags];
  const { report } = await traceWith(on.net, "mtu", args, { privilege });
  const hops = report.sizes?.hops.map(({ atLeast, below, lost }) => [atLeast, below, lost]);
  return { report, hops, outbound: report.pmtu.outbound, inbound: report.pmtu.inbound };
}

const allow = (net: Net) =>
  net.run("guest", "sysctl", "-qw", "net.ipv4.ping_group_range=0 2147483647");

const CASES = ENGINES.flatMap((run) =>
  ([4, 6] as const).map((family) => ({ ...run, run, family })),
);

describe.each(CASES)("over IPv$family with $engine", ({ engine, run, family }) => {
  it("a chain of 1500, 1492 and 1480 that sends ICMP errors has a step at each hop", async () => {
    const on = await links(1500, 1492, 1480);
    await allow(on.net);
    const { outbound, hops, report } = await sizes(on, family, run);
    expect(outbound).toMatchObject({ bytes: 1480, exact: true, below: 1481, silent: false });
    expect(report.verdict).toBe("healthy");
    const reached = hops?.map(([atLeast]) => atLeast);
    // IPv6 gives a kernel's socket that caches nothing no message to read: the middle step may stay open.
    if (family === 4 || engine === "raw-socket") expect(reached).toEqual([1500, 1492, 1480]);
    else expect([reached?.[0], reached?.[2]]).toEqual([1500, 1480]);
    expect(report.sizes?.agree).not.toBe(false);
  });

  it("silence at 1492 has a location and is exact", async () => {
    const on = await links(1500, 1500, 1492, 1500);
    for (const router of on.routers) await on.net.nft(router, SILENT_ABOUT_SIZE);
    const { outbound, inbound, hops } = await sizes(on, family, run);
    expect(outbound).toMatchObject({ bytes: 1492, exact: true, silent: true });
    expect(inbound).toMatchObject({ bytes: 1492, exact: true, silent: true });
    expect(hops?.map(([atLeast]) => atLeast)).toEqual([1500, 1500, 1492, 1492]);
    expect(hops?.[2]).toEqual([1492, 1493, "silent"]);
  });

  it("a link of the guest that is the smallest is local, and no limit of the path", async () => {
    const on = await links(1400, 1500);
    const { report, outbound, hops } = await sizes(on, family, run);
    expect(report.verdict).toBe("healthy");
    expect(report.sizes?.linkMtu).toBe(1400);
    expect(outbound).toMatchObject({ bytes: 1400, below: null });
    expect(hops?.map(([atLeast]) => atLeast)).toEqual([1400, 1400]);
  });

  it("jumbo links are measured in full, and the step down as well", async () => {
    const on = await links(9000, 9000, 2000, 1500);
    const { outbound, inbound, hops } = await sizes(on, family, run);
    expect(outbound).toMatchObject({ bytes: 1500, exact: true, silent: false });
    expect(inbound.bytes).toBe(1500);
    expect([hops?.[0]?.[0], hops?.at(-1)?.[0]]).toEqual([9000, 1500]);
  });

  it("a silent limit of Ethernet's size between jumbo links is exact in both directions", async () => {
    const on = await links(9000, 9000, 1500, 9000);
    for (const router of on.routers) await on.net.nft(router, SILENT_ABOUT_SIZE);
    const { report, outbound, inbound } = await sizes(on, family, run);
    expect(inbound).toMatchObject({ bytes: 1500, exact: true, below: 1501, silent: true });
    expect(outbound).toMatchObject({ bytes: 1500, exact: true, below: 1501, silent: true });
    expect(report.findings.map(({ cause }) => cause)).toEqual([
      "pmtu-inbound-blackhole",
      "pmtu-outbound-blackhole",
    ]);
  });

  it("a link of 1280, the smallest that IPv6 may have, is exact", async () => {
    const on = await links(1500, 1280);
    const { outbound, inbound } = await sizes(on, family, run);
    expect(outbound).toMatchObject({ bytes: 1280, exact: true, below: 1281, silent: false });
    expect(inbound.bytes).toBe(1280);
  });

  it("two routes with sizes of their own keep them apart, as in the kernel's pmtu test", async () => {
    // tools/testing/selftests/net/pmtu.sh: a-r1 2000, r1-b 1400; a-r2 2000, r2-b 1500.
    for (const [mtu, expected] of [
      [1400, 1400],
      [1500, 1500],
    ] as const) {
      const on = await links(2000, mtu);
      const { outbound } = await sizes(on, family, run);
      expect(outbound).toMatchObject({ bytes: expected, exact: true, below: expected + 1 });
    }
  });
});

it("echo requests of root need no ping socket: they go as raw packets", async () => {
  const on = await links(1500, 1400, 1500);
  await on.net.run("guest", "sysctl", "-qw", "net.ipv4.ping_group_range=1 0");
  const { report, outbound } = await sizes(on, 4, { flags: [], privilege: "root" });
  expect(outbound).toMatchObject({ bytes: 1400, exact: true });
  const echo = report.sizes?.protocols.find(({ protocol }) => protocol === "icmp");
  expect(echo?.outbound).toMatchObject({ bytes: 1400, exact: true });
});

it.each([4, 6] as const)(
  "a limit over IPv%i that falls and rises is measured anew each time",
  async (family) => {
    // pmtu.sh, test_pmtu_ipvX: the exception is made, made smaller, and gone when the link grows.
    const on = await links(2000, 1400);
    for (const mtu of [1400, 1300, 1500]) {
      await on.net.ip("r1", "link", "set", "o1", "mtu", String(mtu));
      await on.net.ip("site", "link", "set", "eth0", "mtu", String(mtu));
      const { outbound } = await sizes(on, family, ENGINES[0]);
      expect(outbound).toMatchObject({ bytes: mtu, exact: true, below: mtu + 1, silent: false });
    }
  },
);

describe.each(ENGINES)("protocols with $engine", (run) => {
  it("are reported one by one where the user may send echo requests", async () => {
    const on = await links(1500, 1400, 1500);
    await allow(on.net);
    const { report } = await sizes(on, 4, run);
    const told = report.sizes?.protocols.map(({ protocol, outbound }) => [
      protocol,
      outbound.atLeast,
    ]);
    expect(told).toEqual([
      ["udp", 1400],
      ["icmp", 1400],
      ["tcp", 1400],
    ]);
    expect(report.sizes?.agree).toBe(true);
    expect(await on.net.ip("guest", "route", "get", SITE[4])).not.toContain("mtu");
  });

  it("that disagree are a result of their own", async () => {
    const on = await links(1500, 1500, 1500);
    const [first = ""] = on.routers;
    await on.net.nft(
      first,
      "table inet odd {\n chain through {\n type filter hook forward priority 0; policy accept;\n udp length > 1300 drop\n }\n}\n",
    );
    const { report } = await sizes(on, 4, run);
    expect(report.sizes?.agree).toBe(false);
    expect(report.verdict).toBe("healthy");
  });
});

/** As routers of before RFC 1191 send it. */
const NAMES_NO_MTU = `
table inet old {
  chain leaving {
    type filter hook output priority 0; policy accept;
    icmp type destination-unreachable icmp code frag-needed icmp mtu set 0
  }
}
`;
const NO_UDP = `
table inet closed {
  chain through {
    type filter hook forward priority 0; policy accept;
    meta l4proto udp drop
  }
}
`;

/** A server whose answer is small, so that nothing notifies it of the limit, and it goes on offering a full MSS. */
async function smallAnswers(...mtus: readonly number[]): Promise<Chain> {
  const chain = await tests.chain(mtus);
  await startServer(chain.net, await makeServerFiles(tests.folder, "small", 2, [SITE[4]]), 300);
  return chain;
}

describe.each(ENGINES)("what $engine leaves behind", (run) => {
  it("is no cached PMTU where a router says of a packet that it is too large, and names no MTU", async () => {
    const on = await smallAnswers(1500, 1400, 1500);
    await on.net.nft("r1", NAMES_NO_MTU);
    const { report, outbound } = await sizes(on, 4, run);
    expect(outbound).toMatchObject({ bytes: 1400, exact: true, below: 1401, silent: false });
    expect(report.findings.map(({ severity }) => severity)).not.toContain("warning");
    expect(await on.net.ip("guest", "route", "get", SITE[4])).not.toContain("mtu");
  });

  it("is told where only TCP data could show the limit", async () => {
    const on = await smallAnswers(1500, 1500, 1400, 1500);
    await on.net.nft("r1", NO_UDP);
    const { report, outbound } = await sizes(on, 4, run);
    expect(outbound).toMatchObject({ bytes: 1400, silent: false });
    expect(report.verdict).toBe("healthy");
    const shown = await on.net.ip("guest", "route", "get", SITE[4]);
    const noted = report.findings.map(({ cause }) => cause).includes("pmtu-cached");
    expect(noted).toBe(shown.includes("mtu 1400"));
  });
});
