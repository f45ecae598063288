// From an errno and the rights of a process to the reason that a user is shown.

import { constants } from "node:os";
import { expect, it } from "vitest";
import { BpfSyscallError } from "../../../probes/ebpf-ts-bindings/src/index.ts";
import { parseCpuList } from "../../../probes/ebpf-ts-bindings/src/map.ts";
import {
  missingCapabilities,
  parsePrivileges,
} from "../../../probes/ebpf-ts-bindings/src/privileges.ts";
import { explain } from "../../../probes/ebpf-ts-bindings/src/reasons.ts";

const FIRST = "         0          0 4294967295\n";
const ROOT = { status: "CapEff:\t000001ffffffffff\nSeccomp:\t0\n", uidMap: FIRST, lockdown: "" };
const EPERM = constants.errno.EPERM;

const refusal = (errno: number, verifierLog = "") =>
  new BpfSyscallError("bpf(BPF_PROG_LOAD)", { errno, what: "program x", verifierLog });

it.each([
  ["nobody", { ...ROOT, status: "CapEff:\t0000000000000000\n" }, "missing-capability"],
  ["nothing to read", { status: "", uidMap: FIRST, lockdown: "" }, "missing-capability"],
  ["root of a namespace", { ...ROOT, uidMap: "0 1000 1\n" }, "user-namespace"],
  ["a locked kernel", { ...ROOT, lockdown: "none [integrity] confidentiality\n" }, "lockdown"],
  ["a container", { ...ROOT, status: "CapEff:\t000001ffffffffff\nSeccomp:\t2\n" }, "seccomp"],
  [
    "root on an open kernel",
    { ...ROOT, lockdown: "[none] integrity confidentiality\n" },
    "refused",
  ],
  ["root", ROOT, "refused"],
])("EPERM for %s", (_, texts, kind) => {
  expect(explain(refusal(EPERM), parsePrivileges(texts)).kind).toBe(kind);
});

it.each([
  ["0000000000000000", ["CAP_BPF", "CAP_PERFMON"]],
  ["0000008000000000", ["CAP_PERFMON"]],
  ["0000004000000000", ["CAP_BPF"]],
  ["000000c000000000", []],
  ["0000000000200000", []],
])("effective capabilities %s lack %j", (bits, missing) => {
  const privileges = parsePrivileges({ ...ROOT, status: `CapEff:\t${bits}\n` });
  expect(missingCapabilities(privileges)).toEqual(missing);
  expect(explain(refusal(EPERM), privileges).capabilities).toEqual(missing);
});

it.each([
  ["ENOSYS", "no-bpf"],
  ["EINVAL", "not-in-kernel"],
  ["EMFILE", "failed"],
] as const)("%s is %s", (name, kind) => {
  const reason = explain(refusal(constants.errno[name]), parsePrivileges(ROOT));
  expect(reason.kind).toBe(kind);
  expect(reason.text).toContain(name);
  expect(reason.advice).not.toBe("");
});

it("anything that is no error of ours keeps its message", () => {
  expect(explain(new Error("boo"), parsePrivileges(ROOT))).toMatchObject({
    kind: "failed",
    text: "boo",
  });
});

it("an error of a refused program names the verifier's reason, not its statistics", () => {
  const log = "0: (95) exit\nR0 !read_ok\nprocessed 1 insns (limit 1000000)\n";
  const error = refusal(constants.errno.EACCES, log);
  expect(error.message).toContain("failed with EACCES (the verifier: R0 !read_ok)");
  expect(error.advice).toContain("verifierLog");
  expect(error.verifierLog).toBe(log);
});

it.each([
  ["0\n", 1],
  ["0-1\n", 2],
  ["0,2-5\n", 6],
  ["", 1],
])("of the processors %j the kernel keeps room for %i", (text, count) => {
  expect(parseCpuList(text)).toBe(count);
});

it("EINVAL under lockdown's confidentiality is the lockdown, and else a call that the kernel does not know", () => {
  const locked = { ...ROOT, lockdown: "none integrity [confidentiality]\n" };
  const error = refusal(constants.errno.EINVAL);
  expect(explain(error, parsePrivileges(locked))).toMatchObject({
    kind: "lockdown",
    text: expect.stringContaining("locked down (confidentiality)"),
  });
  expect(explain(error, parsePrivileges(ROOT)).kind).toBe("not-in-kernel");
});
