// Who does what needs a privilege in this process: itself, or a helper once root was given up. Set once, before any probe.

import type { Privileged } from "./client.ts";

let helper: Privileged | null = null;

export function handOver(privileged: Privileged): void {
  helper = privileged;
}

/** Null for a process that has kept what it was started with. */
export function privileged(): Privileged | null {
  return helper;
}
