// The bindings against the running kernel: its BTF, maps, the verifier's words, what it refuses.

import { constants } from "node:os";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { beforeEach, describe, expect, it } from "vitest";
import {
  attachProgram,
  createArray,
  createAssembler,
  createCounter,
  createPerCpuArray,
  createRingBuffer,
  functionTarget,
  loadProgram,
  openBpf,
  probeFeatures,
  probeTarget,
  readKernelBtf,
  SyscallError,
  tracepointTarget,
  UnsupportedError,
  VerifierError,
} from "../../probes/ebpf-ts-bindings/src/index.ts";
import { dropTarget, whyNoEbpf } from "./harness/ebpf.ts";

const missing = whyNoEbpf();
beforeEach(({ skip }) => skip(missing !== null, missing ?? ""));
const bpf = await openBpf();
const loadBtf = () => readKernelBtf();
const NOTHING = createAssembler().mov("r0", 0).exit().assemble();

describe("this kernel's BTF", () => {
  it("has what a tracing program needs", () => {
    const btf = loadBtf();
    expect(btf.typeCount).toBeGreaterThan(10_000);
    expect(btf.member("sk_buff", "head")).toMatchObject({ sizeBytes: 8, bits: null });
    // Inside an anonymous union or struct, by version of the kernel.
    expect(btf.member("sk_buff", "network_header")).toMatchObject({ sizeBytes: 2 });
    expect(btf.member("sk_buff", "mark")).toMatchObject({ sizeBytes: 4 });
    expect(btf.member("sk_buff", "cloned")?.bits).toMatchObject({ width: 1 });
    expect(btf.member("net_device", "nd_net.net")).toMatchObject({ sizeBytes: 8 });
    expect(btf.member("net", "ns.inum")).toMatchObject({ sizeBytes: 4 });
  });

  it("has tracepoints with their parameters, functions, and the names of drop reasons", () => {
    const btf = loadBtf();
    const [packet, location] = btf.tracepoint("kfree_skb")?.parameters ?? [];
    expect(btf.isPointerTo(packet?.typeId ?? 0, "sk_buff")).toBe(true);
    expect(btf.isPointerTo(location?.typeId ?? 0, "sk_buff")).toBe(false);
    expect(btf.tracepointNames()).toContain("kfree_skb");
    const receive = btf.parameters(btf.functionId("ip_rcv") ?? 0) ?? [];
    expect(receive).toHaveLength(4);
    expect(btf.isPointerTo(receive[0]?.typeId ?? 0, "sk_buff")).toBe(true);
    const reasons = btf.enumValues("skb_drop_reason")?.map(({ name }) => name);
    expect(reasons).toContain("SKB_DROP_REASON_NO_SOCKET");
  });

  it("has no hook that does not exist", () => {
    const btf = loadBtf();
    expect(() => tracepointTarget(btf, "no_such_thing")).toThrow(UnsupportedError);
    expect(() => functionTarget(btf, "fentry", "no_such_thing")).toThrow(/not inlined/);
  });
});

describe("maps", () => {
  it("an array gives back what was written, and nothing past its end", () => {
    const map = createArray(bpf, { name: "numbers", valueBytes: 12, entries: 3 });
    map.write(2, Buffer.from("twelve bytes"));
    expect([0, 2].map((index) => map.read(index).toString())).toEqual([
      "\0".repeat(12),
      "twelve bytes",
    ]);
    expect(() => map.read(3)).toThrow(/entry 3 of map "numbers" failed with ENOENT/);
    expect(() => map.write(3, Buffer.alloc(12))).toThrow(/E2BIG/);
    expect(() => map.write(0, Buffer.alloc(8))).toThrow(/values of 12 bytes, and got 8/);
    map.close();
    expect(() => map.read(0)).toThrow(/is closed/);
  });

  it("a frozen array takes no more writes", () => {
    const map = createArray(bpf, { name: "text", valueBytes: 8, entries: 1, readOnly: true });
    map.write(0, Buffer.from("%pS\0\0\0\0\0"));
    map.freeze();
    expect(() => map.write(0, Buffer.alloc(8))).toThrow(SyscallError);
    expect(map.read(0).toString("latin1", 0, 3)).toBe("%pS");
    map.close();
  });

  it("a per-CPU array has one value of its length for each CPU, a counter their sum", () => {
    const map = createPerCpuArray(bpf, { name: "each", valueBytes: 5, entries: 2 });
    const values = map.read(1);
    expect(values.length).toBeGreaterThan(0);
    for (const value of values) expect(value).toEqual(Buffer.alloc(5));
    map.close();
    const counter = createCounter(bpf, { name: "sum" });
    expect(counter.read()).toBe(0n);
    counter.close();
  });

  it("sizes that the kernel does not take are told with errno", () => {
    const create = () => createArray(bpf, { name: "none", valueBytes: 0, entries: 1 });
    expect(create).toThrow(
      expect.objectContaining({ errnoName: "EINVAL", syscall: "bpf(BPF_MAP_CREATE)" }),
    );
  });
});

describe("the verifier's log", () => {
  const load = (instructions: Buffer) => () =>
    loadProgram(bpf, { name: "bad", target: dropTarget(loadBtf()), instructions });

  it("names the access that is not allowed", () => {
    const outside = createAssembler().load("u64", "r2", "r1", 4096).mov("r0", 0).exit();
    expect(load(outside.assemble())).toThrow(VerifierError);
    expect(load(outside.assemble())).toThrow(/EACCES.*\n(.*\n)*.*off=4096/);
  });

  it("names a register that was never written", () => {
    const unset = createAssembler().exit().assemble();
    expect(load(unset)).toThrow(expect.objectContaining({ log: expect.stringMatching(/R0/) }));
  });
});

describe("function entry", () => {
  it("works, or is refused with a reason", () => {
    const { trampolines } = probeFeatures(bpf);
    const use = () => {
      const target = functionTarget(loadBtf(), "fentry", "bpf_fentry_test1");
      const program = loadProgram(bpf, { name: "entry", target, instructions: NOTHING });
      attachProgram(bpf, program).close();
      program.close();
    };
    if (trampolines.available) use();
    else {
      expect(use).toThrow(SyscallError);
      expect(trampolines).toMatchObject({ cause: "refused", missing: [] });
      expect(trampolines.reason).toMatch(/EPERM to a process that has CAP_BPF|failed with E/);
    }
  });
});

it("everything else is available to this user, as often as it is asked", () => {
  const first = probeFeatures(bpf);
  expect(first).toMatchObject({
    btf: { available: true },
    maps: { available: true },
    ringBuffer: { available: true },
    tracing: { available: true },
    kernelReads: { available: true },
  });
  expect(probeFeatures(bpf)).toEqual(first);
});

it("one hook may be asked for alone", () => {
  const btf = loadBtf();
  expect(probeTarget(bpf, dropTarget(btf))).toEqual({ available: true });
  const pretended = { ...dropTarget(btf), typeId: btf.functionId("ip_rcv") ?? 0 };
  expect(probeTarget(bpf, pretended)).toMatchObject({
    cause: "refused",
    reason: expect.stringContaining("EINVAL"),
  });
});

it("what the kernel is given by address stays where it is through garbage collections", () => {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const target = dropTarget(loadBtf());
  const map = createArray(bpf, { name: "kept", valueBytes: 64, entries: 4 });
  for (let n = 0; n < 30; n++) {
    const value = Buffer.alloc(64, n);
    map.write(n % 4, value);
    collect();
    expect(map.read(n % 4)).toEqual(value);
    const instructions = createAssembler().mov("r0", 0).exit().assemble();
    loadProgram(bpf, { name: "kept", target, instructions }).close();
  }
  map.close();
});

it("a ring buffer's descriptor is not something that programs attach to", () => {
  const ring = createRingBuffer(bpf, { name: "ring", sizeBytes: 65_536 });
  const pretended = { ...ring, fd: ring.fd, name: "ring", target: dropTarget(loadBtf()) };
  expect(() => attachProgram(bpf, pretended)).toThrow(
    expect.objectContaining({ errno: constants.errno.EINVAL }),
  );
  ring.close();
});
