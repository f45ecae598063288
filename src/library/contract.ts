// What the library promises, in types alone: dist/index.d.ts is this file behind the type of a Report, which is made of the published schema.

import type { Report } from "../schema/report.ts";

/** What a probe saw: an item of a report's `events`, and a line of a recording. */
export type ProbeEvent = Report["events"][number];

/** What follows from the events: the verdict, the chain, the stages, the sizes, the findings, and what was not checked. */
export type Diagnosis = Pick<
  Report,
  "verdict" | "reason" | "chain" | "stages" | "pmtu" | "findings" | "notChecked"
>;

/** Every option is one of `wsl-trace path`, and means what it means there. */
export interface TraceOptions {
  /** That family alone; both without it. */
  readonly family?: 4 | 6;
  /** 1 to 65535; without it the target's own, its scheme's, else 443. */
  readonly port?: number;
  /** How long a stall may last, up to 300000; without it what follows from the round-trip time. */
  readonly timeoutMs?: number;
  /** False: the run ends when the cause is known, and does not wait whether a hang recovers. */
  readonly wait?: boolean;
  /** 1 to 255, 30 without it. */
  readonly maxHops?: number;
  /** Source ports to probe, 1 to 64; 1 without it. */
  readonly flows?: number;
  /** False: the names of routers are not looked up. */
  readonly hopNames?: boolean;
  /** Probes a second, at most (1 to 10000); connections are not counted. */
  readonly rate?: number;
  /** Bytes of the answer to read, and as many to send. */
  readonly transferBytes?: number;
  /** The interface to send from. */
  readonly interface?: string;
  /** A file of `wsl-trace host --save`, "none", or "auto": Windows is asked where this is WSL. "auto" without it. */
  readonly hostSnapshot?: string;
  /** A file of certificates to trust too (PEM). */
  readonly caFile?: string;
  /** False: no eBPF program is loaded. */
  readonly ebpf?: boolean;
  /** Ends the run early when aborted. The report is then of what was seen until then. */
  readonly signal?: AbortSignal;
  /** Called with each event as it comes; the events so far can be diagnosed at any time. What it throws ends the run. */
  readonly onEvent?: (event: ProbeEvent) => void;
}

/**
 * Traces the path to a target: a host, an address, host:port, or a URL.
 *
 * The report holds real names and addresses: see `redact`. It rejects with a TraceError where nothing can be measured; what the network does
 * is in the report.
 */
export type Trace = (target: string, options?: TraceOptions) => Promise<Report>;

/** The report of a recording (the text of a file that `--record` wrote); a TraceError says which line is wrong. */
export type Replay = (recording: string) => Report;

/** The diagnosis of a run's events, the first of them included; fewer than all give what was known at that time. */
export type Diagnose = (events: readonly ProbeEvent[]) => Diagnosis;

/** The report as `--json` prints it: names, addresses and keys replaced. @param target true: the target's too */
export type Redact = (report: Report, options?: { readonly target?: boolean }) => Report;
