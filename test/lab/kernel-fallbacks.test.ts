// What stands in for eBPF where it is not to be had: tracefs, then counters, each with the reason of the fallback.

import { createSocket } from "node:dgram";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTracefsTrace } from "../../probes/kernel/tracefs-trace.ts";
import type { Report } from "../../src/schema/report.ts";
import { whyNo } from "./harness/bpf-rights.ts";
import { createChain, SITE } from "./independent/chain.ts";
import { inside } from "./independent/inside.ts";
import type { Net } from "./independent/net.ts";
import { createFolder, runTool, traceWith } from "./independent/tool.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const CHILD = fileURLToPath(new URL("harness/tracefs-child.ts", import.meta.url));
/** Ports that rules of these tests drop, so that nobody else's drops are taken for theirs. */
const PORT = 7070;

/** Instances of this tool, seen from a mount namespace of its own: tracefs need not be mounted. */
async function instances(): Promise<readonly string[]> {
  const script = "mount -t tracefs none /mnt && ls /mnt/instances";
  const { stdout } = await execa("unshare", ["--mount", "sh", "-c", script]);
  return stdout.split("\n").filter((name) => name.startsWith("wsl-trace-"));
}

async function whyNoTracefs(): Promise<string | null> {
  const script = "mount -t tracefs none /mnt && mkdir /mnt/instances/$0 && rmdir /mnt/instances/$0";
  const args = ["--mount", "sh", "-c", script, `wsltest-${process.pid}`];
  const { exitCode, stderr } = await execa("unshare", args, { reject: false });
  return exitCode === 0 ? null : stderr;
}

const whyNot = await whyNoTracefs();
const bpfWhyNot = await whyNo("tp_btf");
let net: Net;
beforeAll(async () => {
  ({ net } = await createChain([1500, 1500]));
  const rule = `udp dport ${PORT} counter drop`;
  await net.nft(
    "site",
    `table inet w { chain c { type filter hook input priority 0; ${rule}; }; }`,
  );
});
afterAll(() => net?.remove());

const sendOne = () =>
  inside(net, "site", async () => {
    const socket = createSocket("udp4");
    await new Promise((resolve) => socket.send("x", PORT, SITE[4], resolve));
    socket.close();
  });

describe("a tracefs instance", () => {
  beforeEach(({ skip }) => skip(whyNot !== null, whyNot ?? ""));

  it("reports reason and location of a drop, and is gone when it is closed", async () => {
    const trace = await createTracefsTrace();
    if (trace.kind === "unavailable") throw new Error(trace.reason);
    expect(await instances()).toContain(`wsl-trace-${process.pid}-1`);
    await sendOne();
    await trace.close();
    const drops: unknown[] = [];
    for await (const drop of trace.drops) drops.push(drop);
    expect(drops).toContainEqual({
      monotonicMs: expect.any(Number),
      reason: "NETFILTER_DROP",
      inferred: false,
      symbol: "nft_do_chain",
    });
    expect(trace.lost()).toBe(0);
    await expect.poll(instances).not.toContain(`wsl-trace-${process.pid}-1`);
  });

  it.each(["SIGKILL", "SIGINT", "SIGTERM"] as const)(
    "is gone after the tool got %s",
    async (signal) => {
      const child = execa(process.execPath, ["--import", "tsx", CHILD], { reject: false });
      const [said] = await once(child.stdout, "data");
      expect(String(said)).toBe("trace\n");
      const mine = async () =>
        (await instances()).filter((name) => name === `wsl-trace-${child.pid}-1`);
      expect(await mine()).toHaveLength(1);
      child.kill(signal);
      await child;
      await expect.poll(mine, { timeout: 20_000 }).toEqual([]);
    },
  );
});

describe("the tool steps down", () => {
  const url = `http://${SITE[4]}:${PORT}/`;
  const watchOf = (report: Report) => {
    const [watch] = report.events.filter((event) => event.kind === "kernel-watch");
    return watch?.kind === "kernel-watch" ? watch : undefined;
  };
  const trace = async (...more: readonly string[]) => {
    const args = [url, "--host-snapshot", "none", "--no-ebpf", ...more];
    return (await traceWith(net, "path", args, { privilege: "root" })).report;
  };

  it("to tracefs, whose drops may be anybody's: the counters show whose they are", async ({
    skip,
  }) => {
    skip(whyNot !== null, whyNot ?? "");
    const wall =
      "table inet w { chain c { type filter hook output priority 0; tcp dport 7070 drop; }; }";
    await net.nft("guest", wall);
    const report = await trace();
    await net.run("guest", "nft", "flush", "ruleset");
    expect(watchOf(report)).toMatchObject({
      source: "tracefs",
      stepsDown: [{ source: "ebpf", reason: "switched off by --no-ebpf" }],
    });
    const [finding] = report.findings;
    expect(finding).toMatchObject({ cause: "linux-firewall-in-distro", segment: "linux-stack" });
    const check = report.events.find(({ kind }) => kind === "counter-check");
    expect(finding?.evidence).toContain(check?.id);
  });

  it("to tracefs in a container that hides where it is mounted", async ({ skip }) => {
    skip(whyNot !== null, whyNot ?? "");
    const args = ["drops", "--all", "--timeout", "300ms"];
    const { code, stderr } = await runTool(net, "guest", args, {
      hidden: "/sys/kernel",
      privilege: "root",
    });
    expect([code, stderr]).toEqual([0, expect.stringContaining("through tracefs")]);
    expect(stderr).toContain("/sys/kernel/btf/vmlinux cannot be read");
  });

  const asUserWith = (capabilities: string, ...argv: readonly string[]) => {
    const user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    const given = [`--inh-caps=${capabilities}`, `--ambient-caps=${capabilities}`];
    const [file = "", ...args] = [...user, ...given, ...argv];
    return execa(file, args, { reject: false });
  };
  const DROPS = [process.execPath, CLI, "drops", "--all", "--timeout", "300ms"];

  it("not for a user with CAP_BPF and CAP_PERFMON, but for the names of functions", async ({
    skip,
  }) => {
    skip(bpfWhyNot !== null, bpfWhyNot ?? "");
    const shown = await asUserWith("+bpf,+perfmon", "head", "-n", "50", "/proc/kallsyms");
    skip(/^(?!0{16})/m.test(shown.stdout), "this kernel shows its addresses to everybody");
    const { exitCode, stderr } = await asUserWith("+bpf,+perfmon", ...DROPS);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("without CAP_SYSLOG")]);
  });

  it("to nothing for a user with CAP_BPF alone, and names the other one", async ({ skip }) => {
    skip(bpfWhyNot !== null, bpfWhyNot ?? "");
    const { exitCode, stderr } = await asUserWith("+bpf", ...DROPS);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining("lacks CAP_PERFMON;")]);
  });

  it("not to tracefs where the kernel is locked down: to unmount it there is an oops", async ({
    skip,
  }) => {
    skip(whyNot !== null, whyNot ?? "");
    const folder = createFolder();
    folder.file("lockdown", "none integrity [confidentiality]\n");
    const script = `
      [ -f /sys/kernel/security/lockdown ] || mount -t securityfs none /sys/kernel/security
      mount --bind "$0" /sys/kernel/security && exec "$@" --no-ebpf`;
    const argv = ["--mount", "sh", "-c", script, folder.path, ...DROPS];
    const { exitCode, stderr } = await execa("unshare", argv, { reject: false });
    folder.remove();
    expect([exitCode, stderr]).toEqual([
      3,
      expect.stringContaining("tracefs: this kernel is locked down (confidentiality)"),
    ]);
  });

  it("to nothing for root of a user namespace, with the reasons of bpf and mount", async () => {
    const argv = ["-Urn", process.execPath, CLI, "drops", "--all"];
    const { exitCode, stderr } = await execa("unshare", argv, { reject: false });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(
      /root in a user namespace is no root to bpf\(2\); tracefs: mount: .*denied/,
    );
  });

  it("to counters for an ordinary user, with both reasons", async () => {
    const args = [url, "--host-snapshot", "none"];
    const { report } = await traceWith(net, "path", args);
    expect(watchOf(report)).toMatchObject({
      source: "counters",
      stepsDown: [
        { source: "ebpf", reason: expect.stringContaining("lacks CAP_BPF and CAP_PERFMON") },
        { source: "tracefs", reason: expect.stringMatching(/^tracefs: unshare: .*not permitted/) },
      ],
    });
    expect(report.events.some(({ kind }) => kind === "kernel-counters")).toBe(true);
  });
});
