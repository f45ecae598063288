// Readers of option values that several commands share: each gives the value or a sentence with what to type.

import { InvalidArgumentError } from "commander";
import ipaddr from "ipaddr.js";
import type { MarkChoice } from "../schema/events/run.ts";
import { MAX_RATE, MAX_TIMEOUT_MS, MAX_TRANSFER_BYTES } from "../schema/run-choices.ts";
import type { TypedFlags } from "./typed-options.ts";

const MS_PER_S = 1000;

/** "5", "2.5s" or "800ms" as milliseconds. */
export function readTimeout(text: string): number {
  const [, number = "", unit = "s"] = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(text) ?? [];
  const ms = Number(number) * (unit === "ms" ? 1 : MS_PER_S);
  if (number === "" || ms <= 0 || ms > MAX_TIMEOUT_MS) {
    throw new InvalidArgumentError("Give seconds up to 300, such as 5, 2.5s or 800ms.");
  }
  return ms;
}

/** --rate: probes a second. */
export function readRate(text: string): number {
  const rate = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (rate < 1 || rate > MAX_RATE) {
    throw new InvalidArgumentError(`Give probes a second, from 1 to ${MAX_RATE}.`);
  }
  return rate;
}

/** A week of them, at one a second. */
const MAX_ROUNDS = 604_800;

/** --rounds, --flows. */
export function readCount(text: string, most: number): number {
  const count = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > most) {
    throw new InvalidArgumentError(`Give a number from 1 to ${most}.`);
  }
  return count;
}

export function readRounds(text: string): number {
  return readCount(text, MAX_ROUNDS);
}

const MAX_MARK = 0xffffffff;

/** --mark: a number as `ip rule` takes it. */
export function readMark(text: string): MarkChoice {
  if (text === "none") return text;
  const mark = /^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : 0;
  if (mark < 1 || mark > MAX_MARK) {
    throw new InvalidArgumentError('Give a mark, such as 0x1234, up to 0xffffffff, or "none".');
  }
  return mark;
}

/** --transfer: bytes of an answer. */
export function readTransfer(text: string): number {
  const bytes = /^\d{1,8}$/.test(text) ? Number(text) : 0;
  if (bytes < 1 || bytes > MAX_TRANSFER_BYTES) {
    throw new InvalidArgumentError(`Give bytes, from 1 to ${MAX_TRANSFER_BYTES}, or nothing.`);
  }
  return bytes;
}

/** --silent-address: who must not answer an echo request. */
export function readSilent(text: string): string {
  if (text === "none" || ipaddr.isValid(text)) return text;
  throw new InvalidArgumentError('Give an address that nobody has, or "none".');
}

/** How this kernel is watched. */
export interface KernelChoice {
  /** False: no eBPF program is loaded. */
  readonly ebpf: boolean;
  /** Drops in other network namespaces are reported too. */
  readonly allNetns: boolean;
}

/** --no-ebpf and --all-netns. */
export function readKernel({ ebpf, allNetns }: TypedFlags): KernelChoice {
  return { ebpf: ebpf !== false, allNetns: allNetns === true };
}

/** What is replaced in what may be shown to others: JSON and files of reports. */
export interface Redaction {
  /** False: --no-redact. */
  readonly applied: boolean;
  /** --redact-target. */
  readonly target: boolean;
}

/** --no-redact and --redact-target. */
export function readRedaction({
  redact,
  redactTarget,
}: Pick<TypedFlags, "redact" | "redactTarget">): Redaction {
  return { applied: redact !== false, target: redactTarget === true };
}

/** Where a run goes to beside the terminal. */
export function readOutputs({
  record,
  report,
  pcap,
  otlp,
}: Pick<TypedFlags, "record" | "report" | "pcap" | "otlp">) {
  return {
    recordFile: record ?? null,
    reportFile: report ?? null,
    pcapFile: pcap ?? null,
    otlp: otlp ?? null,
  };
}

/** A report's file, by its extension. */
export function checkReport(file: string): string {
  if (/\.(json|txt|md|html)$/.test(file)) return file;
  throw new InvalidArgumentError("A report is a file of .md, .html, .json or .txt.");
}

/** --host-snapshot: a file, "none", or Windows itself when nothing or "auto" was given. */
export function readSnapshot(text: string | undefined): {
  readonly hostSnapshot: string | null;
  readonly kind: "auto" | "none" | "file";
} {
  if (text === undefined || text === "auto") return { hostSnapshot: null, kind: "auto" };
  return { hostSnapshot: text, kind: text === "none" ? "none" : "file" };
}
