// Marks of packets (SO_MARK), by the built command line and by the counters of nft beside it.

import { describe, expect, it } from "vitest";
import type { Report } from "../../src/schema/report.ts";
import { SITE } from "./independent/chain.ts";
import { chainTests } from "./independent/chain-tests.ts";
import { link, type Net } from "./independent/net.ts";
import { ENGINES, runTool, tracePath } from "./independent/tool.ts";

const tests = chainTests(20);

/** What this machine sends, by its mark; the kernel's own packets (neighbours, resets) have none. */
const counters = (value: string, mask: string) => `table inet marks {
  counter marked { }
  counter others { }
  chain leaving {
    type filter hook output priority 0; policy accept;
    oifname "lo" return
    meta l4proto ipv6-icmp icmpv6 type != echo-request return
    tcp flags & rst == rst return
    meta mark & ${mask} == ${value} counter name "marked" return
    counter name "others"
  }
}
`;

async function site(value = "0x57540000", mask = "0xffff0000"): Promise<Net> {
  const { net } = await tests.chain([1500, 1500], 4000);
  await net.nft("guest", counters(value, mask));
  return net;
}

async function counted(on: Net, name: string): Promise<number> {
  const text = await on.run("guest", "nft", "list", "counter", "inet", "marks", name);
  return Number(/packets (\d+)/.exec(text)?.[1]);
}

const url = (family: 4 | 6) => `https://${family === 4 ? SITE[4] : `[${SITE[6]}]`}/`;
const common = (family: 4 | 6) => [
  url(family),
  "--ca",
  tests.files.ca,
  "--host-snapshot",
  "none",
  "-n",
];

const marksOf = ({ events }: Report) => events.find(({ kind }) => kind === "packet-marks");
const rungOf = ({ vantage }: Report) => vantage.ladder.find(({ rung }) => rung === "packet-marks");

/** Of probes and connections: each has its own. */
function numbered({ events }: Report): readonly (number | undefined)[] {
  return events.flatMap((event) =>
    event.kind === "probe" || event.kind === "tcp-started" ? [event.mark] : [],
  );
}

describe.each(ENGINES)("with $engine as root", ({ flags }) => {
  it.each([4, 6] as const)("every packet is marked, over IPv%i", async (family) => {
    const on = await site();
    const args = [...common(family), ...flags];
    const { report } = await tracePath(on, args, { privilege: "root" });
    expect(report.verdict).toBe("healthy");
    expect(marksOf(report)).toMatchObject({ mark: 0x57540000, numbered: true, reason: null });
    expect(rungOf(report)).toMatchObject({ available: true });
    const marks = numbered(report);
    expect(new Set(marks).size).toBe(marks.length);
    for (const mark of marks) expect((mark ?? 0) >>> 16).toBe(0x5754);
    // Netfilter sees TCP's segments of one flight as one packet (software GSO): each probe and SYN is one at least.
    expect(await counted(on, "marked")).toBeGreaterThanOrEqual(marks.length);
    expect(await counted(on, "others")).toBe(0);
  });

  it("--mark VALUE is that of every packet", async () => {
    const on = await site("0x1234", "0xffffffff");
    const args = [...common(4), ...flags, "--mark", "0x1234"];
    const { report } = await tracePath(on, args, { privilege: "root" });
    expect(new Set(numbered(report))).toEqual(new Set([0x1234]));
    expect(await counted(on, "marked")).toBeGreaterThanOrEqual(numbered(report).length);
    expect(await counted(on, "others")).toBe(0);
  });
});

it("--mark none marks nothing", async () => {
  const on = await site();
  const args = [...common(4), "--mark", "none"];
  const { report } = await tracePath(on, args, { privilege: "root" });
  expect(marksOf(report)).toMatchObject({ mark: null, reason: "switched off by --mark none" });
  expect(numbered(report).every((mark) => mark === undefined)).toBe(true);
  expect(await counted(on, "marked")).toBe(0);
});

it("an ordinary user's packets have none, and the report says what would give them one", async () => {
  const on = await site();
  const { report } = await tracePath(on, common(4));
  expect(report.verdict).toBe("healthy");
  expect(rungOf(report)).toMatchObject({ available: false, enable: "run it with sudo" });
  expect(await counted(on, "marked")).toBe(0);
  const asked = ["path", ...common(4), "--mark", "0x1234"];
  const { code, stderr } = await runTool(on, "guest", asked);
  expect([code, stderr]).toEqual([
    3,
    "wsl-trace: --mark 0x1234 cannot be set (EPERM): run it with sudo\n",
  ]);
});

describe("a rule of the routing that looks at the mark", () => {
  /** Marked packets go by eth1, whose link is smaller. */
  const diverting = async (...selector: readonly string[]) => {
    const on = await site();
    await link(on, ["guest", "eth1"], ["r1", "i9"], 1400);
    await on.ip("guest", "addr", "add", "10.92.0.1/24", "dev", "eth1");
    await on.ip("r1", "addr", "add", "10.92.0.2/24", "dev", "i9");
    await on.ip("site", "route", "add", "10.92.0.0/24", "via", "10.91.1.1");
    const table = ["table", "77"];
    await on.ip("guest", "route", "add", "default", "via", "10.92.0.2", ...table);
    await on.ip("guest", "rule", "add", "pref", "50", ...selector, ...table);
    return on;
  };

  it.each([
    ["of some of the tool's own marks", ["fwmark", "0x40/0x40"]],
    ["of packets without a mark, by its opposite", ["not", "fwmark", "0/0xff000000"]],
  ])("%s leaves the packets as the user's programs send them", async (_, selector) => {
    const on = await diverting(...selector);
    const { report } = await tracePath(on, common(4), { privilege: "root" });
    expect(report.verdict).toBe("healthy");
    expect(report.chain.find(({ kind }) => kind === "linux-nic")?.name).toBe("eth0");
    expect(marksOf(report)).toMatchObject({ mark: null, rules: [{ priority: 50, table: 77 }] });
    expect(rungOf(report)?.reason).toContain("would take marked packets another way");
    expect(await counted(on, "marked")).toBe(0);
  });

  it("of others' marks changes nothing", async () => {
    const on = await diverting("fwmark", "0x80000/0xff0000");
    const { report } = await tracePath(on, common(4), { privilege: "root" });
    expect(marksOf(report)).toMatchObject({ mark: 0x57540000, rules: [] });
    expect(report.chain.find(({ kind }) => kind === "linux-nic")?.name).toBe("eth0");
  });

  it("is followed by the mark that it names, and told before", async () => {
    const on = await diverting("fwmark", "0x40/0x40");
    const args = ["path", ...common(4), "--mark", "0x40"];
    const { code, stdout, stderr } = await runTool(on, "guest", args, { privilege: "root" });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^marked 0x40: rule 50 \(fwmark 0x40\/0x40 lookup 77\) treats/);
    expect(stdout.replace(/\s+/g, " ")).toContain("rule 50 (fwmark 0x40/0x40 lookup 77) treats");
    expect(stdout).toMatch(/eth1.*1400/);
  });
});

describe("a rule of nftables that looks at the mark", () => {
  const ruled = async (rule: string) => {
    const on = await site();
    const chain = `chain c { type filter hook output priority 10; ${rule}; };`;
    await on.nft("guest", `table inet other { ${chain} }\n`);
    const { report } = await tracePath(on, common(4), { privilege: "root" });
    expect(report.verdict).toBe("healthy");
    return { marks: marksOf(report), marked: await counted(on, "marked") };
  };
  const OTHER = { family: "inet", table: "other", chain: "c" };

  it.each([
    ["some of the tool's own", "meta mark & 0x40 == 0x40 drop", { mark: 0x40, mask: 0x40 }],
    ["no mark, by its opposite", "meta mark & 0xff000000 != 0 drop", { inverted: true }],
    ["one of several", "meta mark { 0x1, 0x2 } drop", { mark: null, mask: null }],
  ])("for %s leaves the packets unmarked, and is told", async (_, rule, look) => {
    const { marks, marked } = await ruled(rule);
    expect(marks).toMatchObject({ mark: null, nft: [expect.anything(), { ...OTHER, ...look }] });
    expect(marked).toBe(0);
  });

  it.each([
    ["another mark", "meta mark 0x80000 drop"],
    ["an own one, and counts", "meta mark & 0x40 == 0x40 counter"],
  ])("for %s changes nothing", async (_, rule) => {
    const { marks, marked } = await ruled(rule);
    expect(marks).toMatchObject({ mark: 0x57540000, nft: [{ table: "marks" }] });
    expect(marked).toBeGreaterThan(0);
  });
});
