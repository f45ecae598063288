// Under sudo: root is given up before the first packet is read, a helper does what still needs it, and nothing is left behind.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { execa } from "execa";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { whyNo } from "./harness/bpf-rights.ts";
import { chainTests, HTTP_PORT, httpUrl, ownFilter } from "./independent/chain-tests.ts";
import { createFolder, runTool, traceWith } from "./independent/tool.ts";

const NOBODY = 65534;
const PATIENT = { timeout: 20_000, interval: 20 };
const HELPER = /privileged-helper\.js/;

const tests = chainTests(null);
const folder = createFolder();
afterAll(() => folder.remove());
const chain = async () => (await tests.chain([1500, 1500], "http")).net;

interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly status: string;
}

function running(): readonly Running[] {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      const parent = Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]);
      return [{ pid: Number(pid), parent, command, status }];
    } catch {
      return [];
    }
  });
}

/** The tool that traces this file's target, and the helper that it has started. */
async function pairOf(mark: string): Promise<{ readonly tool: Running; readonly helper: Running }> {
  return vi.waitFor(() => {
    const all = running();
    const tool = all.find(
      ({ command }) => / cli|cli\.js path/.test(command) && command.includes(mark),
    );
    const helper = all.find(({ parent, command }) => parent === tool?.pid && HELPER.test(command));
    if (tool === undefined || helper === undefined) throw new Error("not yet");
    if (!/^Uid:\s+65534/m.test(tool.status)) throw new Error("still root");
    return { tool, helper };
  }, PATIENT);
}

describe("path", () => {
  it("is the user's process while it probes, without a way back, and its helper ends with it, even when it is killed", async () => {
    const net = await chain();
    await net.nft("guest", ownFilter("output", `tcp dport ${HTTP_PORT} drop`));
    const mark = "--hops-of-the-sudo-test";
    const recording = `${folder.path}/killed${mark}.ndjson`;
    const args = ["path", httpUrl(4), "--host-snapshot", "none", "--record", recording];
    const run = runTool(net, "guest", args, { privilege: "sudo" });
    const { tool, helper } = await pairOf(mark);
    expect(tool.status).toMatch(/^Uid:\s+65534\s+65534\s+65534\s+65534$/m);
    expect(tool.status).toMatch(/^Gid:\s+65534\s+65534\s+65534\s+65534$/m);
    expect(tool.status).toMatch(/^CapEff:\s+0+$/m);
    expect(tool.status).toMatch(/^CapPrm:\s+0+$/m);
    expect(tool.status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(helper.status).toMatch(/^Uid:\s+0\s+0\s+0\s+0$/m);
    process.kill(tool.pid, "SIGKILL");
    await run;
    await vi.waitFor(() => {
      expect(running().map(({ pid }) => pid)).not.toContain(helper.pid);
    }, PATIENT);
  });

  it("writes files that are the user's", async () => {
    const net = await chain();
    const recording = `${folder.path}/run.ndjson`;
    const args = ["path", httpUrl(4), "--host-snapshot", "none", "--record", recording];
    const { code, stderr } = await runTool(net, "guest", args, { privilege: "sudo" });
    expect([code, stderr.includes("should not happen")]).toEqual([0, false]);
    expect(statSync(recording)).toMatchObject({ uid: NOBODY, mode: 0o100_600 });
  });
});

describe("what the kernel tells", async () => {
  const whyNot = await whyNo("tp_btf");
  beforeEach(({ skip }) => skip(whyNot !== null, whyNot ?? ""));

  it.each([
    ["ebpf", []],
    ["tracefs", ["--no-ebpf"]],
  ])("comes by %s as to root, with the function that dropped", async (source, options) => {
    const net = await chain();
    await net.nft("guest", ownFilter("output", `tcp dport ${HTTP_PORT} drop`));
    const args = [httpUrl(4), "--host-snapshot", "none", ...options];
    const { report } = await traceWith(net, "path", args, { privilege: "sudo" });
    expect(report.findings[0]?.cause).toBe("linux-firewall-in-distro");
    const watch = report.events.find(({ kind }) => kind === "kernel-watch");
    expect(watch).toMatchObject({ source });
    const drops = report.events.flatMap((event) => (event.kind === "kernel-drop" ? [event] : []));
    expect(drops[0]).toMatchObject({ reason: "NETFILTER_DROP", symbol: "nft_do_chain" });
  });
});

it("without a helper that answers, a run ends with what an ordinary user sees", async () => {
  const net = await chain();
  const args = ["path", httpUrl(4), "--host-snapshot", "none", "--json", "--no-redact"];
  const recording = `${folder.path}/helper-killed.ndjson`;
  const run = runTool(net, "guest", [...args, "--record", recording], { privilege: "sudo" });
  const { helper } = await pairOf("helper-killed");
  process.kill(helper.pid, "SIGKILL");
  const { code, stderr } = await run;
  expect([code, stderr.includes("should not happen")]).toEqual([0, false]);
});

it("no program of eBPF and no instance of tracefs is left", async () => {
  const { stdout } = await execa("sh", [
    "-c",
    "ls /sys/kernel/tracing/instances 2>/dev/null || true",
  ]);
  const own = running().filter(({ command }) => HELPER.test(command));
  expect([own.map(({ pid }) => pid), stdout]).toEqual([[], ""]);
});
