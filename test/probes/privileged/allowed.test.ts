// What the helper does for whoever asks: what the tool needs, and nothing that would be more.

import { createAssembler } from "ebpf-ts-bindings";
import { describe, expect, it } from "vitest";
import { allowsInstance, allowsOption, allowsSocket } from "../../../probes/privileged/allowed.ts";
import { allowedBpf } from "../../../probes/privileged/allowed-bpf.ts";

const FLAGS = 0x80800;
const [INET, INET6, NETLINK, PACKET, UNIX] = [2, 10, 16, 17, 1] as const;
const [STREAM, DATAGRAM, RAW] = [1, 2, 3] as const;

it.each([
  ["ICMP", INET, RAW | FLAGS, 1, true],
  ["ICMPv6", INET6, RAW | FLAGS, 58, true],
  ["headers of its own", INET, RAW, 255, true],
  ["frames", PACKET, RAW | FLAGS, 0x0008, true],
  ["packets of a link", PACKET, DATAGRAM, 0, true],
  ["a connection", INET, STREAM, 6, false],
  ["a raw protocol that no probe has", INET, RAW, 89, false],
  ["netlink", NETLINK, RAW, 0, false],
  ["unix", UNIX, STREAM, 0, false],
  ["a flag that is unknown", INET, RAW | 0x10_0000, 1, false],
] as const)("a socket for %s", (_, domain, type, protocol, allowed) => {
  expect(allowsSocket(domain, type, protocol)).toBe(allowed);
});

const int = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
};

it.each([
  ["a mark", 1, 36, int(0x57540001), true],
  ["an interface", 1, 25, Buffer.from("eth0"), true],
  ["a name that no interface can have", 1, 25, Buffer.alloc(17), false],
  ["a large receive buffer", 1, 33, int(4 << 20), true],
  ["a receive buffer of a gigabyte", 1, 33, int(1 << 30), false],
  ["a mark of two bytes", 1, 36, Buffer.alloc(2), false],
  ["IP_TRANSPARENT", 0, 19, int(1), false],
  ["TCP_REPAIR", 6, 19, int(1), false],
] as const)("the option %s", (_, level, name, value, allowed) => {
  expect(allowsOption(level, name, value)).toBe(allowed);
});

it.each([
  ["wsl-trace-4711-1", true],
  ["../events", false],
  ["wsl-trace-1-1/..", false],
  ["wsl-trace-1-1;reboot", false],
  ["", false],
])("an instance named %o", (name, allowed) => {
  expect(allowsInstance(name)).toBe(allowed);
});

const [CREATE, LOOK_UP, LOAD, ATTACH, PIN] = [0, 1, 5, 17, 6] as const;

function mapAttribute(type: number, key: number, value: number, entries: number): Buffer {
  return Buffer.concat([...[type, key, value, entries].map(int), Buffer.alloc(28)]);
}

function load(instructions: Buffer, change: (attribute: Buffer) => void = () => undefined) {
  const attribute = Buffer.alloc(112);
  attribute.writeUInt32LE(26, 0);
  attribute.writeUInt32LE(instructions.length / 8, 4);
  attribute.writeUInt32LE(23, 68);
  attribute.writeUInt32LE(77, 108);
  change(attribute);
  const pointers = [
    { at: 8, bytes: instructions },
    { at: 16, bytes: Buffer.from("GPL\0") },
  ];
  return { command: LOAD, attribute, pointers };
}

const idle = () => createAssembler().mov("r0", 0).exit().assemble();

describe("a map", () => {
  const request = { command: CREATE, pointers: [], fds: [] };
  it.each([
    ["a ring", mapAttribute(27, 0, 0, 1 << 21), true],
    ["a hash", mapAttribute(1, 16, 8, 4096), true],
    ["an array of a gigabyte", mapAttribute(2, 4, 1 << 20, 1024), false],
    ["programs to call (BPF_MAP_TYPE_PROG_ARRAY)", mapAttribute(3, 4, 4, 1), false],
  ])("of %s", (_, attribute, allowed) => {
    expect(allowedBpf({ ...request, attribute }) !== null).toBe(allowed);
  });

  it("is read by the helper's own descriptor, whatever number the asker wrote", () => {
    const attribute = Buffer.alloc(32, 0xff);
    const pointers = [
      { at: 8, bytes: Buffer.alloc(4) },
      { at: 16, bytes: Buffer.alloc(8) },
    ];
    const own = allowedBpf({ command: LOOK_UP, attribute, pointers, fds: [12] });
    expect(own?.readUInt32LE(0)).toBe(12);
    // Addresses come from the buffers alone.
    expect(own?.subarray(8, 24)).toEqual(Buffer.alloc(16));
    expect(allowedBpf({ command: LOOK_UP, attribute, pointers, fds: [] })).toBeNull();
  });
});

describe("a program", () => {
  it("that does nothing is loaded", () => {
    expect(allowedBpf({ ...load(idle()), fds: [] })).not.toBeNull();
  });

  it("names its maps by their place, and gets the helper's descriptors", () => {
    const map = { fd: 1 };
    const program = createAssembler().loadMap("r1", map).mov("r0", 0).exit().assemble();
    expect(allowedBpf({ ...load(program), fds: [30, 31] })).not.toBeNull();
    expect(program.readUInt32LE(4)).toBe(31);
    const other = createAssembler().loadMap("r1", { fd: 2 }).mov("r0", 0).exit().assemble();
    expect(allowedBpf({ ...load(other), fds: [30, 31] })).toBeNull();
  });

  it.each([
    ["writes a program's memory (bpf_probe_write_user)", createAssembler().call(36)],
    ["changes what a function returns (bpf_override_return)", createAssembler().call(58)],
    ["sends a signal (bpf_send_signal)", createAssembler().call(109)],
    ["calls a function of the kernel", createAssembler().callKernelFunction(5)],
  ])("that %s is not", (_, assembler) => {
    const program = assembler.mov("r0", 0).exit().assemble();
    expect(allowedBpf({ ...load(program), fds: [] })).toBeNull();
  });

  it.each([
    ["of another type (BPF_PROG_TYPE_SCHED_CLS)", (a: Buffer) => a.writeUInt32LE(3, 0)],
    ["that may change what a function returns", (a: Buffer) => a.writeUInt32LE(26, 68)],
    ["with flags", (a: Buffer) => a.writeUInt32LE(1, 44)],
    ["of another program", (a: Buffer) => a.writeUInt32LE(9, 104)],
    ["longer than it says", (a: Buffer) => a.writeUInt32LE(1, 4)],
  ])("%s is not", (_, change) => {
    expect(allowedBpf({ ...load(idle(), change), fds: [] })).toBeNull();
  });

  it("is attached by the descriptor that came", () => {
    const attribute = Buffer.alloc(16);
    const attached = allowedBpf({ command: ATTACH, attribute, pointers: [], fds: [9] });
    expect(attached?.readUInt32LE(8)).toBe(9);
  });
});

it("no other command is made, and no attribute longer than is known", () => {
  const attribute = Buffer.alloc(32);
  expect(allowedBpf({ command: PIN, attribute, pointers: [], fds: [3] })).toBeNull();
  expect(
    allowedBpf({ command: CREATE, attribute: Buffer.alloc(72), pointers: [], fds: [] }),
  ).toBeNull();
});
