// What this machine's own kernel does with the connection, seen through eBPF by the built command line:
//
//   guest eth0 ---- i0 r1 o1 ---- eth0 site     guest has a second interface, eth1 ---- j1 r1
//   10.91.0.1      .2    10.91.1.1

import { beforeEach, describe, expect, it } from "vitest";
import type { Report } from "../../src/schema/report.ts";
import { whyNo } from "./harness/bpf-rights.ts";
import { chainTests, HTTP_PORT, httpUrl, ownFilter } from "./independent/chain-tests.ts";
import { link, type Net } from "./independent/net.ts";
import { runTool, traceWith } from "./independent/tool.ts";

const whyNot = await whyNo("tp_btf");
beforeEach(({ skip }) => skip(whyNot !== null, whyNot ?? ""));

const tests = chainTests(null);
const { folder } = tests;
const chain = async () => (await tests.chain([1500, 1500], "http")).net;

async function traceAsRoot(on: Net, family: 4 | 6, ...more: readonly string[]): Promise<Report> {
  const args = [httpUrl(family), "--host-snapshot", "none", ...more];
  return (await traceWith(on, "path", args, { privilege: "root" })).report;
}

const dropsIn = (report: Report) =>
  report.events.flatMap((event) => (event.kind === "kernel-drop" ? [event] : []));
const stackOf = ({ chain: segments }: Report) =>
  segments.find(({ kind }) => kind === "linux-stack");
const watchOf = ({ events }: Report) => events.find(({ kind }) => kind === "kernel-watch");

describe.each([4, 6] as const)("over IPv%i", (family) => {
  it("a connection without loss has no drop, and its packets clear stack and interface", async () => {
    const report = await traceAsRoot(await chain(), family);
    expect(report.verdict).toBe("healthy");
    expect(dropsIn(report)).toEqual([]);
    expect(report.events).toContainEqual(
      expect.objectContaining({ kind: "kernel-flow", attempt: "t1", interface: "eth0" }),
    );
    expect(stackOf(report)).toMatchObject({ outbound: "ok", inbound: "ok" });
    expect(watchOf(report)).toMatchObject({ source: "ebpf", stepsDown: [] });
  });

  it("a rule on output is the firewall, with the drop as evidence", async () => {
    const on = await chain();
    await on.nft("guest", ownFilter("output", `tcp dport ${HTTP_PORT} drop`));
    const report = await traceAsRoot(on, family);
    expect(report.verdict).toBe("fault");
    expect(report.findings).toMatchObject([
      { cause: "linux-firewall-in-distro", segment: "linux-stack", direction: "outbound" },
    ]);
    const [first] = dropsIn(report);
    expect(first).toMatchObject({ reason: "NETFILTER_DROP", symbol: "nft_do_chain" });
    expect(report.findings[0]?.evidence).toContain(first?.id);
    expect(stackOf(report)).toMatchObject({ outbound: "broken" });
  });

  it("a rule on input is the firewall too, inbound, at the interface", async () => {
    const on = await chain();
    await on.nft("guest", ownFilter("input", `tcp sport ${HTTP_PORT} drop`));
    const report = await traceAsRoot(on, family);
    expect(report.findings[0]).toMatchObject({
      cause: "linux-firewall-in-distro",
      direction: "inbound",
    });
    expect(dropsIn(report)[0]).toMatchObject({ interface: "eth0", namespace: { own: true } });
    expect(stackOf(report)).toMatchObject({ outbound: "ok", inbound: "broken" });
  });

  it("a drop in another namespace is no evidence, and is shown by name when requested", async () => {
    const on = await chain();
    await on.nft("r1", ownFilter("forward", `tcp dport ${HTTP_PORT} drop`));
    const file = `${folder.path}/all.ndjson`;
    const report = await traceAsRoot(on, family, "--all-netns", "--record", file);
    expect(report.findings.map(({ cause }) => cause)).not.toContain("linux-firewall-in-distro");
    expect(stackOf(report)).toMatchObject({ outbound: "ok" });
    // With --all-netns, drops of other networks on this machine are listed too, and may come first.
    expect(dropsIn(report)).toContainEqual(
      expect.objectContaining({
        reason: "NETFILTER_DROP",
        namespace: expect.objectContaining({ own: false, name: on.name("r1") }),
        match: expect.objectContaining({ by: "flow", direction: "out" }),
      }),
    );
    const { stdout } = await runTool(on, "guest", ["replay", file], { privilege: "root" });
    expect(stdout).toContain(`[namespace ${on.name("r1")}]`);
    expect(dropsIn(await traceAsRoot(on, family))).toEqual([]);
  });
});

describe("the reverse-path filter", () => {
  /** Answers come back by eth1, where nothing is sent out. */
  const asymmetric = async () => {
    const on = await chain();
    await link(on, ["guest", "eth1"], ["r1", "j1"], 1500);
    await on.ip("r1", "addr", "add", "10.91.77.1/24", "dev", "j1");
    await on.ip("guest", "addr", "add", "10.91.77.2/24", "dev", "eth1");
    await on.ip("r1", "route", "add", "10.91.0.1/32", "via", "10.91.77.2", "dev", "j1");
    await on.run("guest", "sysctl", "-qw", "net.ipv4.conf.all.rp_filter=1");
    return on;
  };

  it("is named where the answers come in by the wrong interface", async () => {
    const report = await traceAsRoot(await asymmetric(), 4);
    expect(report.findings).toMatchObject([
      { cause: "rp-filter-drop", segment: "linux-stack", direction: "inbound" },
    ]);
    expect(dropsIn(report)[0]).toMatchObject({ reason: "IP_RPFILTER", interface: "eth1" });
  });

  it("is healed by the fix that is printed", async () => {
    const net = await asymmetric();
    await net.run("guest", "sysctl", "-qw", "net.ipv4.conf.all.rp_filter=2");
    expect((await traceAsRoot(net, 4)).verdict).toBe("healthy");
  });
});

describe("a run", () => {
  it("is replayed byte for byte with what the kernel reported", async () => {
    const on = await chain();
    await on.nft("guest", ownFilter("output", `tcp dport ${HTTP_PORT} drop`));
    const file = `${folder.path}/run.ndjson`;
    const args = [httpUrl(4), "--host-snapshot", "none", "--record", file];
    const { json } = await traceWith(on, "path", args, { privilege: "root" });
    const replayed = await runTool(on, "guest", ["replay", file, "--json", "--no-redact"], {
      privilege: "root",
    });
    expect(replayed.stdout).toBe(json);
  });

  it("of an ordinary user reports why this kernel is not observable, and finds no less wrong", async () => {
    const on = await chain();
    await on.nft("guest", ownFilter("input", `tcp sport ${HTTP_PORT} drop`));
    const { report } = await traceWith(on, "path", [httpUrl(4), "--host-snapshot", "none"]);
    expect(report.verdict).not.toBe("healthy");
    const rung = report.vantage.ladder.find((candidate) => candidate.rung === "kernel-events");
    expect(rung).toMatchObject({ available: false, enable: "run it with sudo" });
    expect(rung?.reason).toContain("lacks CAP_BPF and CAP_PERFMON");
    // The counters of this kernel show whose the drops are.
    expect(report.findings).toMatchObject([{ cause: "linux-firewall-in-distro" }]);
  });

  it("of an ordinary user finds a rule on output by what this kernel made and did not send", async () => {
    const on = await chain();
    await on.nft("guest", ownFilter("output", `tcp dport ${HTTP_PORT} drop`));
    const { report } = await traceWith(on, "path", [httpUrl(4), "--host-snapshot", "none"]);
    expect(report.findings).toMatchObject([
      { cause: "linux-firewall-in-distro", segment: "linux-stack", confidence: 0.95 },
    ]);
  });

  it("with --no-ebpf loads nothing, and reports it", async () => {
    const report = await traceAsRoot(await chain(), 4, "--no-ebpf");
    expect(report.verdict).toBe("healthy");
    expect(watchOf(report)).toMatchObject({
      stepsDown: [{ source: "ebpf", reason: "switched off by --no-ebpf" }],
    });
  });
});
