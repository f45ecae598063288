// What to do about an errno of bpf(2), in one half-sentence each.

import { constants } from "node:os";
import { ENOTSUPP, errnoName } from "./errors.ts";

const { errno } = constants;

const HINTS = new Map<number, string>([
  [
    errno.EPERM,
    "run as root or with CAP_BPF and CAP_PERFMON; probeFeatures() says which of them is missing, or that this kernel refuses it to everybody",
  ],
  [errno.EACCES, "the verifier does not trust the program; its log says at which instruction"],
  [
    errno.EINVAL,
    "this kernel does not know it, or an argument is out of range; see the log, if any",
  ],
  [errno.ENOSYS, "this kernel was built without CONFIG_BPF_SYSCALL; use another one"],
  [errno.ENOMEM, "there is not enough memory; make the maps smaller"],
  [errno.E2BIG, "it is larger than this kernel takes; make the program or the value smaller"],
  [errno.EMFILE, "too many descriptors are open; close some or raise `ulimit -n`"],
  [errno.ENOENT, "there is no such thing (any more); look it up in the kernel's BTF first"],
  [errno.EBADF, "its descriptor is closed; use it before close()"],
  [errno.EBUSY, "something else is attached there; detach it first"],
  [errno.ENOSPC, "the log or the map is full; give it more room"],
  [ENOTSUPP, "this kernel cannot do it on this CPU; use a tracepoint"],
]);

/** What to do next. */
export function hintFor(number: number): string {
  return HINTS.get(number) ?? `look up ${errnoName(number)} in bpf(2)`;
}
