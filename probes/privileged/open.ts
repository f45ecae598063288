// The calls that probes make, by this process or, for what it may not do any more, by its helper.

import {
  type Bpf,
  explainFailure,
  loadLibc as loadBpfLibc,
  openBpf,
  type Reason,
} from "ebpf-ts-bindings";
import { UnsupportedProbeError } from "../../src/errors.ts";
import { type Libc, loadLibc } from "../native/libc.ts";
import { dumpNftRules } from "../native/nft-mark-rules.ts";
import { privileged } from "./current.ts";

/** @throws UnsupportedProbeError where koffi has no binary for this system */
export async function openLibc(): Promise<Libc> {
  const libc = await loadLibc();
  return privileged()?.sockets(libc) ?? libc;
}

/** The same, or calls that are all refused: what needs none of them still runs, and the rest names what it lacks. */
export function openLibcOrNone(): Promise<Libc> {
  return openLibc().catch(async (error: unknown) => {
    if (!(error instanceof UnsupportedProbeError)) throw error;
    return (await import("../native/no-libc.ts")).NO_LIBC;
  });
}

/** @throws UnsupportedSystemError off Linux, and where koffi has no binary */
export async function openOwnBpf(): Promise<Bpf> {
  const helper = privileged();
  return helper === null ? openBpf() : openBpf(helper.bpf(await loadBpfLibc()));
}

/** Rules of nftables as the kernel dumps them; null where they cannot be read. */
export function nftRulesOf(libc: Libc): () => readonly Buffer[] | null {
  return () => {
    const helper = privileged();
    return helper === null ? dumpNftRules(libc) : helper.rules();
  };
}

/** Why `openOwnBpf` or what it opened failed, by the rights of the process that tried. */
export function explainOwnFailure(error: unknown): Promise<Reason> {
  return explainFailure(error, privileged()?.pid);
}
