// What goes into bpf(2) and how its refusals are told, without a kernel.

import { constants } from "node:os";
import { describe, expect, it } from "vitest";
import { createAssembler } from "../../../probes/ebpf-ts-bindings/src/assembler.ts";
import { createBpf } from "../../../probes/ebpf-ts-bindings/src/bpf.ts";
import { SyscallError, VerifierError } from "../../../probes/ebpf-ts-bindings/src/errors.ts";
import {
  createArray,
  createRingBuffer,
  parseCpuList,
} from "../../../probes/ebpf-ts-bindings/src/maps.ts";
import { loadProgram, type Target } from "../../../probes/ebpf-ts-bindings/src/program.ts";
import { createFakeLibc } from "./fake-libc.ts";

const { EPERM, EACCES, ENOSPC, EINVAL } = constants.errno;
const PROG_LOAD = 5;
const target: Target = { kind: "tp_btf", name: "kfree_skb", typeId: 77, parameters: [] };
const instructions = createAssembler().mov("r0", 0).exit().assemble();
const ARRAY = { name: "numbers", valueBytes: 8, entries: 4 };

describe("a refusal", () => {
  it("has call, subject, errno and what to do next", () => {
    const bpf = createBpf(createFakeLibc({ bpf: () => -EINVAL }));
    const create = () => createArray(bpf, ARRAY);
    expect(create).toThrow(SyscallError);
    expect(create).toThrow(
      'bpf(BPF_MAP_CREATE) for map "numbers" failed with EINVAL: this kernel does not know it, or an argument is out of range; see the log, if any',
    );
  });

  it("of a kind that Node has no name for keeps its number", () => {
    const named = createBpf(createFakeLibc({ bpf: () => -524 }));
    expect(() => createArray(named, ARRAY)).toThrow(/ENOTSUPP: this kernel cannot do it/);
    const unnamed = createBpf(createFakeLibc({ bpf: () => -999 }));
    expect(() => createArray(unnamed, ARRAY)).toThrow(/errno 999: look up errno 999 in bpf\(2\)/);
  });

  it("for want of locked memory is tried once more when the limit can be lifted, and only once", () => {
    let calls = 0;
    let lifts = 0;
    const libc = createFakeLibc({
      bpf: () => {
        calls += 1;
        return calls === 1 ? -EPERM : 9;
      },
      liftMemoryLock: () => {
        lifts += 1;
        return true;
      },
    });
    const bpf = createBpf(libc);
    expect(createArray(bpf, ARRAY).fd).toBe(9);
    expect(createArray(bpf, ARRAY).fd).toBe(9);
    expect({ calls, lifts }).toEqual({ calls: 3, lifts: 1 });
  });

  it("stays one where the limit cannot be lifted", () => {
    const bpf = createBpf(createFakeLibc({ bpf: () => -EPERM }));
    expect(() => createArray(bpf, ARRAY)).toThrow(/EPERM: run as root or with CAP_BPF/);
  });
});

describe("loading a program", () => {
  it("puts code, licence, hook and name where the kernel looks for them", () => {
    let seen = Buffer.alloc(0);
    const libc = createFakeLibc({
      bpf: (_, attr) => {
        seen = Buffer.from(attr);
        return 5;
      },
    });
    const program = loadProgram(createBpf(libc), { name: "a-name", target, instructions });
    expect(program.fd).toBe(5);
    expect([0, 4, 24, 68, 108].map((offset) => seen.readUInt32LE(offset))).toEqual([
      26, 2, 0, 23, 77,
    ]);
    expect(libc.at(seen.readBigUInt64LE(8))).toBe(instructions);
    expect(libc.at(seen.readBigUInt64LE(16)).toString()).toBe("GPL\0");
    expect(seen.toString("latin1", 48, 55)).toBe("a_name\0");
  });

  it("asks for the log after a refusal, and keeps all of it", () => {
    const log = Array.from({ length: 20 }, (_, n) => `line ${n}`).join("\n");
    const libc = createFakeLibc({
      bpf: (_, attr) => {
        const address = attr.readBigUInt64LE(32);
        if (address !== 0n) libc.at(address).write(`${log}\n\0`);
        // The second answer, with a log, is about the log's size.
        return address === 0n ? -EACCES : -ENOSPC;
      },
    });
    const load = () => loadProgram(createBpf(libc), { name: "bad", target, instructions });
    expect(load).toThrow(VerifierError);
    expect(load).toThrow(/EACCES.*does not trust.*\nline 12\n(.*\n)*line 19$/);
    expect(load).toThrow(expect.objectContaining({ log: `${log}\n`, code: "program-refused" }));
  });

  it("that succeeds the second time is a success", () => {
    let loads = 0;
    const libc = createFakeLibc({
      bpf: (command) => {
        loads += command === PROG_LOAD ? 1 : 0;
        return loads === 1 ? -EACCES : 6;
      },
    });
    expect(loadProgram(createBpf(libc), { name: "late", target, instructions }).fd).toBe(6);
  });

  it("of half an instruction is refused before the kernel sees it", () => {
    const bpf = createBpf(createFakeLibc({ bpf: () => 1 }));
    const half = instructions.subarray(0, 12);
    expect(() => loadProgram(bpf, { name: "half", target, instructions: half })).toThrow(
      /12 bytes of code/,
    );
  });
});

it("a descriptor is closed once, and its number is not given out afterwards", () => {
  const libc = createFakeLibc({ bpf: () => 8 });
  const map = createArray(createBpf(libc), ARRAY);
  map.close();
  map.close();
  expect(libc.closed).toEqual([8]);
  expect(() => map.fd).toThrow('map "numbers" is closed: use it before close()');
});

it.each([0, 4095, 4097, 12_288, 2048, Number.NaN])("no ring buffer has %d bytes", (sizeBytes) => {
  const bpf = createBpf(createFakeLibc({ bpf: () => 1 }));
  expect(() => createRingBuffer(bpf, { name: "ring", sizeBytes })).toThrow(/power of two/);
});

it.each([
  ["0\n", { count: 1, room: 1 }],
  ["0-3\n", { count: 4, room: 4 }],
  ["0-1,4,8-11", { count: 7, room: 12 }],
])("CPUs %j", (text, cpus) => {
  expect(parseCpuList(text)).toEqual(cpus);
});

it.each(["", "3-1", "a", "0-", "0,,1"])("%j is no list of CPUs", (text) => {
  expect(() => parseCpuList(text)).toThrow(/is no range of CPUs/);
});
