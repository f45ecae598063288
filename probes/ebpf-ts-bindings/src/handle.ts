// A descriptor of the kernel's with an owner: closed once, and never used afterwards under its old number.

import type { Bpf } from "./bpf.ts";
import { ArgumentError } from "./errors.ts";

/** What everything that the kernel holds for this process has in common. */
export interface Handle {
  /** The descriptor. @throws ArgumentError after close(), since the number may be somebody else's by then */
  readonly fd: number;
  /** Gives it back; twice is once. The kernel removes what nobody holds any more. */
  close(): void;
}

export function createHandle(bpf: Pick<Bpf, "closeFd">, fd: number, subject: string): Handle {
  let open = true;
  return {
    get fd() {
      if (!open) throw new ArgumentError(`${subject} is closed: use it before close()`);
      return fd;
    },
    close: () => {
      if (!open) return;
      open = false;
      bpf.closeFd(fd);
    },
  };
}
