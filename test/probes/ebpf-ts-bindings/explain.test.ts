// Which cause a refusal is put down to, from what /proc and /sys say.

import { constants } from "node:os";
import { describe, expect, it } from "vitest";
import { createBpf } from "../../../probes/ebpf-ts-bindings/src/bpf.ts";
import { readBtf } from "../../../probes/ebpf-ts-bindings/src/btf.ts";
import { BtfError } from "../../../probes/ebpf-ts-bindings/src/errors.ts";
import { probeFeatures } from "../../../probes/ebpf-ts-bindings/src/features.ts";
import { smallKernel } from "./btf-blob.ts";
import { createFakeLibc } from "./fake-libc.ts";

const FIRST_NAMESPACE = "         0          0 4294967295\n";
const ALL = "000001ffffffffff";

interface Machine {
  readonly capabilities: string | null;
  readonly uidMap?: string;
  readonly lockdown?: string;
  readonly errno?: number;
}

function featuresOf({ capabilities, uidMap = FIRST_NAMESPACE, lockdown, errno }: Machine) {
  const files = new Map([
    ["/proc/self/uid_map", uidMap],
    ["/sys/kernel/security/lockdown", lockdown ?? null],
    ["/proc/self/status", capabilities === null ? null : `Name:\tx\nCapEff:\t${capabilities}\n`],
  ]);
  const bpf = createBpf(createFakeLibc({ bpf: () => -(errno ?? constants.errno.EPERM) }));
  return probeFeatures(bpf, {
    readBtf: () => readBtf(smallKernel()),
    readText: (path) => files.get(path) ?? null,
  });
}

describe("EPERM is put down to", () => {
  it("the capability that is missing", () => {
    expect(featuresOf({ capabilities: "0000000000000000" }).maps).toEqual({
      available: false,
      cause: "missing-capability",
      reason: "bpf(BPF_MAP_CREATE) needs CAP_BPF: run as root, or give the process CAP_BPF",
      missing: ["CAP_BPF"],
    });
  });

  it("any that may be missing, when nothing says which are there", () => {
    expect(featuresOf({ capabilities: null }).maps).toMatchObject({ missing: ["CAP_BPF"] });
  });

  it("the user namespace, whose root is none to eBPF", () => {
    const features = featuresOf({ capabilities: ALL, uidMap: "0 1000 1\n" });
    expect(features.ringBuffer).toMatchObject({
      missing: ["CAP_BPF"],
      reason: expect.stringContaining("CAP_BPF: run as root outside of any user namespace"),
    });
  });

  it.each([
    ["all capabilities", ALL],
    ["CAP_BPF", "0000008000000000"],
    ["CAP_SYS_ADMIN, which stands for it", "0000000000200000"],
  ])("the kernel, for a process with %s", (_, capabilities) => {
    const { maps } = featuresOf({ capabilities, lockdown: "none [integrity] confidentiality\n" });
    expect(maps).toMatchObject({
      cause: "refused",
      missing: [],
      reason: expect.stringMatching(/refuses .* with EPERM .* lockdown mode is "integrity"/),
    });
  });
});

it("another errno is the kernel's refusal in its own words", () => {
  const { ringBuffer } = featuresOf({ capabilities: ALL, errno: constants.errno.EINVAL });
  expect(ringBuffer).toMatchObject({
    cause: "refused",
    reason: expect.stringContaining('map "feature" failed with EINVAL'),
  });
});

it("a hook that this kernel does not have is something else that is needed", () => {
  const { btf, tracing, trampolines } = featuresOf({ capabilities: ALL });
  expect(btf).toEqual({ available: true });
  expect(tracing).toMatchObject({
    cause: "needs-another",
    reason: "the hook oom_score_adj_update needs a kernel with this tracepoint",
  });
  expect(trampolines).toMatchObject({ reason: expect.stringContaining("bpf_fentry_test1") });
});

it("without BTF nothing is tried that builds on it", () => {
  const features = probeFeatures(createBpf(createFakeLibc({ bpf: () => 3 })), {
    readBtf: () => {
      throw new BtfError("the last type is cut short");
    },
  });
  expect(features.btf).toMatchObject({ available: false, reason: "the last type is cut short" });
  for (const feature of [features.tracing, features.kernelReads, features.trampolines]) {
    expect(feature).toMatchObject({
      cause: "needs-another",
      reason: expect.stringContaining("not tried"),
    });
  }
  expect(features.maps).toEqual({ available: true });
});
