// The numbers and layouts that are written down here, against what the running kernel's own BTF reports of them.

import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as constants from "../../../probes/ebpf-ts-bindings/src/constants.ts";
import { KERNEL_BTF_PATH, readKernelBtf } from "../../../probes/ebpf-ts-bindings/src/index.ts";

const whyNot = existsSync(KERNEL_BTF_PATH) ? null : "the kernel has no BTF";

describe.skipIf(whyNot !== null)(`the running kernel${whyNot ? ` (${whyNot})` : ""}`, () => {
  const btf = whyNot === null ? readKernelBtf() : undefined;
  const numberOf = (enumeration: string, name: string) =>
    btf?.enumerators(enumeration).find((row) => row.name === name)?.value;

  const named = Object.entries(constants).flatMap(([name, value]) =>
    typeof value === "number" ? [{ name, value: BigInt(value) }] : [],
  );

  it.each([
    ["bpf_cmd", 11],
    ["bpf_map_type", 5],
    ["bpf_prog_type", 2],
    ["bpf_attach_type", 3],
  ])("numbers the constants of enum %s as we do", (enumeration, count) => {
    const ours = named.filter(({ name }) => numberOf(enumeration, name) !== undefined);
    expect(ours).toHaveLength(count);
    for (const { name, value } of ours)
      expect([name, numberOf(enumeration, name)]).toEqual([name, value]);
  });

  it.each(Object.entries(constants.HELPERS))("numbers helper %s as %i", (name, number) => {
    expect(numberOf("bpf_func_id", `BPF_FUNC_${name}`)).toBe(BigInt(number));
  });

  it.each([
    ["bpf_attr", "map_type", 0],
    ["bpf_attr", "key_size", 4],
    ["bpf_attr", "value_size", 8],
    ["bpf_attr", "max_entries", 12],
    ["bpf_attr", "map_name", 28],
    ["bpf_attr", "map_fd", 0],
    ["bpf_attr", "key", 8],
    ["bpf_attr", "value", 16],
    ["bpf_attr", "prog_type", 0],
    ["bpf_attr", "insn_cnt", 4],
    ["bpf_attr", "insns", 8],
    ["bpf_attr", "license", 16],
    ["bpf_attr", "log_level", 24],
    ["bpf_attr", "log_size", 28],
    ["bpf_attr", "log_buf", 32],
    ["bpf_attr", "prog_name", 48],
    ["bpf_attr", "expected_attach_type", 68],
    ["bpf_attr", "attach_btf_id", 108],
    ["bpf_attr", "start_id", 0],
    ["bpf_attr", "next_id", 4],
    ["bpf_attr", "info.info_len", 4],
    ["bpf_attr", "info.info", 8],
    ["bpf_attr", "raw_tracepoint.prog_fd", 8],
    ["bpf_prog_info", "id", 4],
    ["bpf_prog_info", "jited_prog_len", 16],
    ["bpf_prog_info", "name", 64],
    ["bpf_prog_info", "run_time_ns", 192],
    ["bpf_prog_info", "run_cnt", 200],
    ["pollfd", "revents", 6],
    ["rlimit", "rlim_max", 8],
  ])("has %s.%s at byte %i", (struct, path, offset) => {
    expect(btf?.field(struct, path)?.offsetBytes).toBe(offset);
  });

  // Sizes that a standard or the system's interface fixes, whatever the kernel.
  it.each([
    ["iphdr", 20],
    ["ipv6hdr", 40],
    ["tcphdr", 20],
    ["udphdr", 8],
    ["ethhdr", 14],
    ["bpf_insn", 8],
    ["sockaddr_in", 16],
    ["in6_addr", 16],
    ["__u64", 8],
  ])("has a %s of %i bytes", (name, size) => {
    expect(btf?.sizeBytes(name)).toBe(size);
  });

  it("has bit fields where RFC 791 and RFC 9293 put them", () => {
    expect(btf?.field("iphdr", "version")).toMatchObject({ offsetBytes: 0, bitFieldBits: 4 });
    expect(btf?.field("tcphdr", "syn")).toMatchObject({
      offsetBytes: 13,
      offsetBits: 1,
      bitFieldBits: 1,
    });
  });
});
