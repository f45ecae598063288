// Hops that show themselves to one protocol only, or under a wrong name, in networks of others.

import { describe, expect, it } from "vitest";
import { NAME, serveNames } from "./independent/dns.ts";
import type { Net } from "./independent/net.ts";
import { OFFICE } from "./independent/office.ts";
import { officeTests } from "./independent/office-tests.ts";
import { ENGINES, type EngineRun, runTool, tracePath } from "./independent/tool.ts";

const site = officeTests(0);
const { folder } = site;
const target = `https://${OFFICE.site4}/`;
const target6 = `https://[${OFFICE.site6}]/`;

const office = () => site.office({ bytes: 400 });

const traceAs = async ({ flags, privilege }: EngineRun, on: Net, to = target) => {
  const args = [to, "--ca", site.files.ca, "--host-snapshot", "none", ...flags];
  return (await tracePath(on, args, { privilege })).report;
};

const filter = (hook: string, rules: string) => `table inet seen_${hook} {
  chain packets {
    type filter hook ${hook} priority 0; policy accept;
    ${rules}
  }
}
`;

const hops = (report: Awaited<ReturnType<typeof traceAs>>) =>
  report.chain.flatMap(({ ttl, address }) => (ttl === null ? [] : [[ttl, address]]));

const reverse4 = (address: string) => `${address.split(".").reverse().join(".")}.in-addr.arpa`;

async function named(on: Net, options: Readonly<Record<string, unknown>>, ...more: string[]) {
  await serveNames(on, options);
  const resolvConf = folder.file("resolv.conf", `nameserver ${OFFICE.resolver4}\n`);
  const args = [
    `https://${NAME}/`,
    "-4",
    "--ca",
    site.files.ca,
    "--host-snapshot",
    "none",
    ...more,
  ];
  return await tracePath(on, args, { resolvConf });
}

describe("the names of hops", () => {
  const bad = "evil\u001b[31m.example.test";
  const ptr = { [reverse4(OFFICE.box4)]: "box.example.test", [reverse4(OFFICE.far4)]: bad };

  it("are looked up, shown beside the address, and reach no terminal unescaped", async () => {
    const on = await office();
    const { report } = await named(on, { ptr });
    const hops = report.chain.filter(({ kind, ttl }) => ttl !== null && kind !== "destination");
    expect(hops.map(({ address }) => address)).toEqual([OFFICE.box4, OFFICE.far4]);
    expect(hops[0]?.name).toBe("box.example.test");
    const resolvConf = folder.file("resolv.conf", `nameserver ${OFFICE.resolver4}\n`);
    const args = [
      "path",
      `https://${NAME}/`,
      "-4",
      "--ca",
      site.files.ca,
      "--host-snapshot",
      "none",
    ];
    // Another network: the first run has used up what its routers send of ICMP errors in a second.
    const fresh = await office();
    await serveNames(fresh, { ptr });
    const { stdout } = await runTool(fresh, "guest", args, { resolvConf });
    expect(stdout).toContain("box.example.test");
    expect(stdout).not.toContain("\u001b");
  });

  it("are not looked up with -n", async () => {
    const on = await office();
    const { report } = await named(on, { ptr }, "-n");
    expect(report.events.filter(({ kind }) => kind === "hop-name")).toEqual([]);
    const hops = report.chain.filter(({ ttl }) => ttl === 1);
    expect(hops.map(({ name }) => name)).toEqual([OFFICE.box4]);
  });

  it("that nobody gives cost the verdict nothing", async () => {
    const on = await office();
    const { report } = await named(on, { silentPtr: true });
    expect(report.verdict).toBe("healthy");
    const told = report.events.flatMap((event) => (event.kind === "hop-name" ? [event.name] : []));
    expect(told).toEqual([null, null]);
  });
});

describe.each(ENGINES)("hops with $engine", (run) => {
  const trace = (on: Net, to?: string) => traceAs(run, on, to);

  it("that drop UDP are found by SYNs of the connection's own port", async () => {
    const on = await office();
    await on.nft("box", filter("forward", "meta l4proto udp drop"));
    await on.nft(
      "guest",
      filter("output", "icmp type echo-request drop\n icmpv6 type echo-request drop"),
    );
    const report = await trace(on);
    expect(report.verdict).toBe("healthy");
    expect(hops(report)).toEqual([
      [1, OFFICE.box4],
      [2, OFFICE.far4],
      [3, OFFICE.site4],
    ]);
    const report6 = await trace(on, target6);
    expect(hops(report6)).toEqual([
      [1, OFFICE.box6],
      [2, "2001:db8:72::1"],
      [3, OFFICE.site6],
    ]);
  });

  it("that answer echo requests only are found by a user who may send them", async () => {
    const on = await office();
    await on.run("guest", "sysctl", "-qw", "net.ipv4.ping_group_range=0 2147483647");
    await on.nft("box", filter("forward", "meta l4proto udp drop\n tcp dport 9 drop"));
    const report = await trace(on, `http://${OFFICE.site4}:9/`);
    expect(report.verdict).toBe("fault");
    expect(report.findings.map(({ cause }) => cause)).toEqual(["port-filtered"]);
    expect(hops(report)).toEqual([
      [1, OFFICE.box4],
      [2, OFFICE.far4],
      [3, OFFICE.site4],
    ]);
  });

  it("behind a NAT that rewrites the sender of their errors are reported as such, not taken for the target", async () => {
    const on = await office();
    const rewrite = `ip saddr ${OFFICE.far4} icmp type time-exceeded ip saddr set ${OFFICE.site4}`;
    await on.nft("box", filter("forward", rewrite));
    const report = await trace(on);
    expect(report.verdict).toBe("healthy");
    const [, second, third] = report.chain.filter(({ ttl }) => ttl !== null);
    expect(second).toMatchObject({ ttl: 2, address: null, outbound: "ok", inbound: "ok" });
    expect(second?.reason).toContain("a NAT on the path");
    expect(third).toMatchObject({ ttl: 3, kind: "destination", address: OFFICE.site4 });
  });
});

it.each(["destroy", "resetAndDestroy"])(
  "a server that ends each connection by %s has an open port",
  async (end) => {
    const on = await office();
    const source = `require("node:net").createServer((s) => s.${end}()).listen(81, "::", () => console.log("ready"))`;
    await on.serve("site", process.execPath, "-e", source);
    const report = await traceAs(ENGINES[0], on, `http://${OFFICE.site4}:81/`);
    expect(report.stages.find(({ stage }) => stage === "connect")?.status).toBe("ok");
    expect(report.findings.map(({ cause }) => cause)).not.toContain("port-filtered");
  },
);
