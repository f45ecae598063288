// What the original datagrams in ICMP errors show, from the command line: a clamped MSS, a NAT that does not hide, marked and unmarked packets.

import { describe, expect, it } from "vitest";
import type { Net } from "./independent/net.ts";
import { OFFICE } from "./independent/office.ts";
import { officeTests } from "./independent/office-tests.ts";
import { ENGINES, runTool, traceWith } from "./independent/tool.ts";

const site = officeTests(0);
const TARGETS = { 4: `https://${OFFICE.site4}/`, 6: `https://[${OFFICE.site6}]/` } as const;

const office = () => site.office({ bytes: 4000 });

const argv = (family: 4 | 6) => [
  TARGETS[family],
  "--ca",
  site.files.ca,
  "--host-snapshot",
  "none",
  "-n",
];
const RAW = ["--engine", "raw-socket"] as const;

const table = (name: string, type: string, rules: string) => `table ip ${name} {
  chain packets {
    type filter hook ${type}; policy accept;
    ${rules}
  }
}
`;

const CLAMP = `table inet clamp {
  chain packets {
    type filter hook forward priority mangle; policy accept;
    tcp flags syn / syn,rst tcp option maxseg size set 1300
  }
}
`;

describe.each(ENGINES)("a clamped MSS: $privilege $engine", ({ flags, privilege }) => {
  it.each([4, 6] as const)("is located between two hops over IPv%i", async (family) => {
    const on = await office();
    await on.nft("box", CLAMP);
    for (const command of ["mtu", "path"]) {
      const options = [...argv(family), ...flags];
      const { report, code } = await traceWith(on, command, options, { privilege });
      expect(code).toBe(0);
      const second = report.chain.find(({ ttl }) => ttl === 2);
      expect(second?.reason).toBe(
        `returns our SYN with MSS 1300 instead of ${family === 4 ? 1460 : 1440}: clamped between hop 1 and hop 2`,
      );
      if (command !== "mtu") continue;
      expect(report.sizes?.mss).toMatchObject({
        offered: family === 4 ? 1460 : 1440,
        accepted: 1300,
        rewritten: { to: 1300, after: 1, ttl: 2 },
      });
    }
  });

  it("is not reported where nobody clamps", async () => {
    const on = await office();
    const { report } = await traceWith(on, "mtu", [...argv(4), ...flags], { privilege });
    expect(report.sizes?.mss.rewritten).toBeNull();
    expect(report.chain.filter(({ reason }) => reason?.includes("returns our"))).toEqual([]);
  });
});

describe("raw packets", () => {
  const trace = async (on: Net) =>
    (await traceWith(on, "path", [...argv(4), ...RAW], { privilege: "root" })).report;
  const reasons = (report: Awaited<ReturnType<typeof trace>>) =>
    report.chain.flatMap(({ ttl, reason }) => (ttl === null ? [] : [[ttl, reason]]));

  it("show a NAT that leaves original datagrams as they are, and where it is", async () => {
    const on = await office();
    await on.run("box", "nft", "flush", "ruleset");
    const { guest4, tunnel4 } = OFFICE;
    await on.nft(
      "box",
      table("out", "postrouting priority 100", `oifname "tun5" ip saddr set ${tunnel4}`),
    );
    await on.nft(
      "box",
      table("back", "prerouting priority -300", `ip daddr ${tunnel4} ip daddr set ${guest4}`),
    );
    const report = await trace(on);
    expect(report.verdict).toBe("healthy");
    expect(reasons(report)).toEqual([
      [1, null],
      [
        2,
        `returns our probe with source ${tunnel4} instead of ${guest4}: a NAT between hop 1 and hop 2`,
      ],
      [3, null],
    ]);
  });

  it("show nothing of a NAT that restores the original datagram", async () => {
    expect(reasons(await trace(await office()))).toEqual([
      [1, null],
      [2, null],
      [3, null],
    ]);
  });

  it("show packets that are marked", async () => {
    const on = await office();
    const rule = 'oifname "tun5" ip dscp set cs1';
    await on.nft("box", table("marking", "forward priority mangle", rule));
    const report = await trace(on);
    expect(reasons(report)[1]).toEqual([
      2,
      "returns our probe with traffic class 32 instead of 0: marked between hop 1 and hop 2",
    ]);
  });

  it("print it under the hop", async () => {
    const on = await office();
    await on.nft("box", CLAMP);
    const { stdout } = await runTool(on, "guest", ["mtu", ...argv(4), ...RAW], {
      privilege: "root",
    });
    expect(stdout).toContain(
      "rewritten to 1300 between hop 1 and hop 2, as the SYN in an ICMP error shows",
    );
  });
});
