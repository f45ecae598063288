// The bindings on the running kernel: maps, programs, the ring buffer, and what stays when a process ends.

import { once } from "node:events";
import { fileURLToPath } from "node:url";
import {
  type Bpf,
  BpfSyscallError,
  type Btf,
  createAssembler,
  type Feature,
  openBpf,
  probeFeatures,
  readKernelBtf,
} from "ebpf-ts-bindings";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { attachCounter } from "./harness/bpf-counter.ts";
import { whyNo } from "./harness/bpf-rights.ts";

const whyNot = await whyNo("tp_btf");
const CHILD = fileURLToPath(new URL("harness/bpf-child.ts", import.meta.url));
const child = (args: readonly string[], flags: readonly string[] = []) =>
  execa(process.execPath, [...flags, "--import", "tsx", CHILD, ...args], { reject: false });

const NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
const withCapabilities = (capabilities: string) => [
  ...NOBODY,
  `--inh-caps=${capabilities}`,
  `--ambient-caps=${capabilities}`,
];
/** What the child reports in that mode, started through these words. */
async function saidAs<Said>(around: readonly string[], mode: string): Promise<Said> {
  const [file = "", ...args] = [...around, process.execPath, "--import", "tsx", CHILD, mode];
  const { stdout } = await execa(file, args);
  return JSON.parse(stdout);
}

/** What a process that is started through these words may do at tracepoints. */
async function featureAs(around: readonly string[]): Promise<Feature | undefined> {
  const features = await saidAs<Feature[]>(around, "features");
  return features.find(({ name }) => name === "tp_btf");
}

describe.skipIf(whyNot !== null)(`eBPF${whyNot ? ` (${whyNot})` : ""}`, () => {
  let bpf: Bpf;
  let btf: Btf;
  beforeAll(async () => {
    bpf = await openBpf();
    btf = readKernelBtf();
  });
  const counter = (ringBytes: number) =>
    attachCounter(bpf, btf, { name: `wt_${process.pid}`, ringBytes, recordBytes: 40 });
  const exec = () => {
    const target = btf.tracepoint("sched_process_exec");
    if (target === undefined) throw new Error("no sched_process_exec in BTF");
    return target;
  };

  it("keeps values in arrays and hashes", () => {
    const array = bpf.createArray({ name: "wt array!", valueBytes: 4, entries: 2 });
    array.set(1, Buffer.from("abcd"));
    expect([array.get(0).toString("hex"), array.get(1).toString()]).toEqual(["00000000", "abcd"]);
    expect(() => array.get(2)).toThrow(
      "bpf(BPF_MAP_LOOKUP_ELEM) of map wt array! failed with ENOENT",
    );
    expect(() => array.set(0, Buffer.from("abc"))).toThrow("give exactly 4 bytes");
    array.close();
    array.close();
    const hash = bpf.createHash({ name: "wt_hash", keyBytes: 2, valueBytes: 1, entries: 1 });
    expect(hash.get(Buffer.from("no"))).toBeUndefined();
    hash.set(Buffer.from("ab"), Buffer.from("x"));
    expect(hash.get(Buffer.from("ab"))?.toString()).toBe("x");
    expect(() => hash.set(Buffer.from("cd"), Buffer.from("y"))).toThrow("E2BIG");
    expect([hash.delete(Buffer.from("ab")), hash.delete(Buffer.from("ab"))]).toEqual([true, false]);
    expect(() => hash.get(Buffer.from("a"))).toThrow("a key of 1 bytes");
    hash.close();
  });

  it("refuses a ring whose size is no power of two, with errno and advice", () => {
    const attempt = () => bpf.createRingBuffer({ name: "wt_ring", sizeBytes: 3 * bpf.pageBytes });
    expect(attempt).toThrow(BpfSyscallError);
    expect(attempt).toThrow("failed with EINVAL; check the arguments");
  });

  it("reports the verifier's log of a program that it refuses", () => {
    const instructions = createAssembler().exit().assemble();
    const load = () =>
      bpf.loadProgram({ name: "wt_bad", kind: "tp_btf", target: exec(), instructions });
    expect(load).toThrow(
      expect.objectContaining({
        syscall: "bpf(BPF_PROG_LOAD)",
        errnoName: "EACCES",
        verifierLog: expect.stringContaining("R0 !read_ok"),
      }),
    );
    expect(load).toThrow("R0 !read_ok");
  });

  it("gives every record once and in order while the ring wraps many times", () => {
    const counted = counter(bpf.pageBytes);
    const seen: bigint[] = [];
    const consumer = bpf.consume(counted.ring, {
      onRecord: (record) => {
        expect(record).toHaveLength(40);
        seen.push(record.readBigUInt64LE(0));
      },
    });
    // 48 bytes each with their heads: they do not divide a page, so records lie across its end.
    for (let round = 0; round < 200; round += 1) {
      counted.trigger(50);
      consumer.drain();
    }
    expect(seen).toEqual(Array.from({ length: 10_000 }, (_, i) => BigInt(i)));
    expect(counted.lost.sum(0)).toBe(0n);
    return consumer.close().then(() => counted.close());
  });

  it("counts what a full ring lost, and goes on afterwards", async () => {
    const counted = counter(bpf.pageBytes);
    counted.trigger(1000);
    const seen: bigint[] = [];
    const consumer = bpf.consume(counted.ring, {
      onRecord: (record) => seen.push(record.readBigUInt64LE(0)),
    });
    consumer.drain();
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, i) => BigInt(i)));
    expect(seen.length).toBeGreaterThan(0);
    expect(counted.lost.sum(0)).toBe(BigInt(1000 - seen.length));
    counted.trigger(1);
    await consumer.close();
    expect(seen.at(-1)).toBe(1000n);
    counted.close();
  });

  it("wakes up by itself, hands over what is left at close, and can be closed twice", async () => {
    const counted = counter(16 * bpf.pageBytes);
    let woken: () => void = () => undefined;
    const first = new Promise<void>((resolve) => {
      woken = resolve;
    });
    let records = 0;
    const consumer = bpf.consume(counted.ring, {
      onRecord: () => {
        records += 1;
        woken();
      },
    });
    counted.trigger(1);
    await first;
    counted.trigger(100);
    await consumer.close();
    await consumer.close();
    expect(records).toBe(101);
    expect(consumer.drain()).toBe(0);
    counted.close();
  });

  it("ends with what its callback threw", async () => {
    const counted = counter(bpf.pageBytes);
    const consumer = bpf.consume(counted.ring, {
      onRecord: () => {
        throw new Error("boo");
      },
    });
    counted.trigger(1);
    await expect(consumer.done).rejects.toThrow("boo");
    await expect(consumer.close()).rejects.toThrow("boo");
    counted.close();
  });

  it("reads the drop reasons that tracefs prints for the same kernel", async () => {
    // tracefs may not be mounted: a mount namespace of its own leaves the system as it was.
    const script = "mount -t tracefs none /mnt && cat /mnt/events/skb/kfree_skb/format";
    const { stdout } = await execa("unshare", ["--mount", "sh", "-c", script]);
    const printed = [...stdout.matchAll(/\{ (\d+), "(\w+)" \}/g)].map(([, value, name]) => [
      Number(value),
      name,
    ]);
    const read = btf
      .enumerators("skb_drop_reason")
      .map(({ name, value }) => [Number(value), name.replace(/^SKB_(DROP_REASON_)?/, "")]);
    expect(printed.length).toBeGreaterThan(50);
    for (const row of printed) expect(read).toContainEqual(row);
  });

  it("has run-time figures while statistics are on", () => {
    const statistics = bpf.enableStatistics();
    const counted = counter(bpf.pageBytes);
    counted.trigger(10);
    const info = counted.program.info();
    statistics.close();
    expect(info.name).toBe(`wt_${process.pid}`);
    expect(info.runCount).toBeGreaterThanOrEqual(10n);
    expect(info.runTimeNs).toBeGreaterThan(0n);
    counted.close();
  });

  it.each([
    ["exit", 7],
    ["throw", 1],
  ])("does not keep a process from ending by %s in the middle of a wait", async (mode, code) => {
    const { exitCode, stderr } = await child([mode]);
    expect([exitCode, stderr.includes("uncaught on purpose")]).toEqual([code, mode === "throw"]);
  });

  it("leaves nothing loaded when its process is killed", async () => {
    const name = `wtk_${process.pid}`;
    const mine = () => bpf.listPrograms().filter((program) => program.name === name);
    const held = child(["hold", name]);
    await once(held.stdout, "data");
    expect(mine()).toHaveLength(1);
    held.kill("SIGKILL");
    await held;
    // The kernel takes programs apart after a grace period of its own.
    await expect.poll(mine, { timeout: 20_000 }).toEqual([]);
  });

  it("holds every buffer that the kernel may use while the collector runs", async () => {
    const { stdout, exitCode, signal } = await child(["garbage"], ["--expose-gc"]);
    expect([exitCode, signal]).toEqual([0, undefined]);
    expect(JSON.parse(stdout)).toEqual({ records: 500, collected: true });
  });

  it("reports which capability an ordinary user lacks, for each feature", async () => {
    const { stdout } = await child(["nobody"]);
    const features: Feature[] = JSON.parse(stdout);
    const reasons = features.flatMap((row) => (row.available ? [] : [[row.name, row.reason.kind]]));
    const refused = [
      "maps",
      "per-cpu-maps",
      "ring-buffer",
      "tp_btf",
      "read-kernel",
      "fentry",
      "fexit",
    ];
    expect(reasons).toEqual(refused.map((name) => [name, "missing-capability"]));
    const text = "bpf(BPF_MAP_CREATE) said EPERM: this process lacks CAP_BPF and CAP_PERFMON";
    expect(features[0]).toMatchObject({
      reason: { text, capabilities: ["CAP_BPF", "CAP_PERFMON"] },
    });
  });

  it.each([
    ["+bpf", ["CAP_PERFMON"]],
    ["+bpf,+perfmon", []],
  ])("with %s alone an ordinary user lacks %j", async (capabilities, missing) => {
    const tracing = await featureAs(withCapabilities(capabilities));
    const lacks = tracing?.available === false ? tracing.reason.capabilities : [];
    expect(lacks).toEqual(missing);
    expect(tracing?.available).toBe(missing.length === 0);
  });

  it.each([
    ["-all", ["CAP_BPF", "CAP_PERFMON"]],
    ["+bpf", ["CAP_PERFMON"]],
    ["+bpf,+perfmon", []],
  ])("says the same before BTF is read: with %s a user lacks %j", async (capabilities, missing) => {
    expect(await saidAs(withCapabilities(capabilities), "beforehand")).toEqual(missing);
  });

  it("reports to root of a user namespace that this is not enough", async () => {
    const tracing = await featureAs([...NOBODY, "unshare", "--user", "--map-root-user"]);
    expect(tracing).toMatchObject({ available: false, reason: { kind: "user-namespace" } });
  });

  it("gives a reason with errno and advice for whatever this kernel does not let root do", async () => {
    for (const feature of await probeFeatures()) {
      if (feature.available) continue;
      expect(feature.reason.kind).not.toBe("failed");
      expect(feature.reason.text).toMatch(/said E[A-Z]+/);
      expect(feature.reason.advice).not.toBe("");
    }
  });
});
