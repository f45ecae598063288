// A diamond of which one branch has a size limit: which connections meet it depends on their ports, and so does each size.

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Family } from "../../src/schema/events/common.ts";
import { createDiamond, DIAMOND } from "./independent/diamond.ts";
import type { Net } from "./independent/net.ts";
import { makeServerFiles, type ServerFiles, startServer } from "./independent/server.ts";
import { createFolder, tracePath } from "./independent/tool.ts";

const folder = createFolder();
const SITES = [DIAMOND[4].site, DIAMOND[6].site];
let large: ServerFiles;
let small: ServerFiles;
let net: Net | undefined;

beforeAll(async () => {
  large = await makeServerFiles(folder, "large", 90, SITES);
  small = await makeServerFiles(folder, "small", 0, SITES);
});
afterEach(async () => {
  await net?.remove();
  net = undefined;
});
afterAll(() => folder.remove());

/** Silent limits of the branches, in bytes, by the side that packets come from: "out" of the guest, or back "in". */
type Limits = Readonly<Partial<Record<"a" | "b", readonly ["in" | "out", number]>>>;

const DEVICES = { a: { out: "inA", in: "outA" }, b: { out: "inB", in: "outB" } } as const;

async function diamond(limits: Limits, files = large, bodyBytes = 40_000): Promise<Net> {
  net = await createDiamond();
  for (const branch of ["a", "b"] as const) {
    const [towards, bytes] = limits[branch] ?? [null, 0];
    if (towards !== null) await net.nft(branch, limit(DEVICES[branch][towards], bytes));
  }
  await startServer(net, files, bodyBytes);
  return net;
}

const limit = (device: string, bytes: number) => `table inet narrow {
  chain packets {
    type filter hook forward priority 0; policy accept;
    iifname "${device}" meta length > ${bytes} drop
  }
}
`;

async function trace(on: Net, family: Family, files = large) {
  const { site } = DIAMOND[family];
  const target = family === 4 ? `https://${site}/` : `https://[${site}]/`;
  return (await tracePath(on, [target, "--ca", files.ca, "--host-snapshot", "none"])).report;
}

const told = ({ findings }: Awaited<ReturnType<typeof trace>>) =>
  findings.filter(({ severity }) => severity !== "note").map(({ cause }) => cause);

describe.each([4, 6] as const)("two paths over IPv%i", (family) => {
  it("of which one drops large answers: the size, and that others have none", async () => {
    const report = await trace(await diamond({ b: ["in", 1400] }), family);
    expect(["fault", "degraded"]).toContain(report.verdict);
    expect(told(report)).toEqual(["pmtu-inbound-blackhole"]);
    expect(report.pmtu.inbound).toMatchObject({ bytes: 1400, exact: true, silent: true });
    expect(report.findings[0]?.summary).toMatch(/some of several balanced paths.*carry 1500 bytes/);
    expect(report.findings[0]?.severity).toBe(report.verdict === "fault" ? "fault" : "warning");
  });

  it("of which one drops large requests", async () => {
    const report = await trace(await diamond({ b: ["out", 1400] }), family);
    expect(report.verdict).toBe("degraded");
    expect(told(report)).toEqual(["pmtu-outbound-blackhole"]);
    expect(report.pmtu.outbound).toMatchObject({ bytes: 1400, exact: true, silent: true });
    expect(report.findings[0]?.summary).toContain("some of several balanced paths");
  });

  it("without a limit are healthy", async () => {
    const report = await trace(await diamond({}), family);
    expect(report.verdict).toBe("healthy");
    expect(told(report)).toEqual([]);
  });
});

it("limits that differ: the smallest is the path's, the larger one is told", async () => {
  const report = await trace(await diamond({ a: ["in", 1310], b: ["in", 1440] }), 4);
  expect(report.verdict).toBe("fault");
  expect(told(report)).toEqual(["pmtu-inbound-blackhole"]);
  expect(report.pmtu.inbound).toMatchObject({ bytes: 1310, exact: true });
  expect(report.findings[0]?.summary).toContain("lose packets above 1440 bytes");
});

it("the same limit on both is one of the path, as on a single one", async () => {
  const report = await trace(await diamond({ a: ["in", 1400], b: ["in", 1400] }), 4);
  expect(report.verdict).toBe("fault");
  expect(report.pmtu.inbound).toMatchObject({ bytes: 1400, exact: true });
  expect(report.findings[0]?.summary).not.toContain("balanced");
});

it("a server whose answers are small is asked for many at once from each port", async () => {
  const report = await trace(await diamond({ b: ["in", 1400] }, small, 100), 4, small);
  expect(told(report)).toEqual(["pmtu-inbound-blackhole"]);
  expect(report.pmtu.inbound.below).toBe(1401);
});

it("a limit that one path reports is kept to, and nothing is wrong", async () => {
  const on = await diamond({});
  // Both ends of the link: one that alone is smaller drops what comes in, and says nothing.
  await on.ip("b", "link", "set", "inB", "mtu", "1400");
  await on.ip("near", "link", "set", "wayB", "mtu", "1400");
  const report = await trace(on, 4);
  expect(report.verdict).toBe("healthy");
  expect(told(report)).toEqual([]);
});

it("a NAT that gives each connection another port leaves a range, and no port is named", async () => {
  const on = await diamond({ b: ["in", 1400] });
  await on.nft(
    "near",
    `table ip ports {
  chain leaving {
    type nat hook postrouting priority 100;
    oifname { "wayA", "wayB" } snat to ${DIAMOND[4].near} fully-random
  }
}
`,
  );
  const report = await trace(on, 4);
  expect(told(report)).toEqual(["pmtu-inbound-blackhole"]);
  expect(report.pmtu.inbound).toMatchObject({ exact: false, below: 1401 });
  expect(report.findings[0]?.summary).toContain("whatever port they leave from");
});
