// Lines of tracefs' trace_pipe for the event skb:kfree_skb, as kernels from 5.10 on print them.

export interface TracefsDrop {
  readonly kind: "drop";
  /** CLOCK_MONOTONIC, as the trace's clock was set. */
  readonly monotonicMs: number;
  /** Null before Linux 5.17. */
  readonly reason: string | null;
  /** The function's name, or its address where the kernel prints no name. */
  readonly location: { readonly symbol: string } | { readonly address: number } | null;
}

export interface TracefsLost {
  readonly kind: "lost";
  readonly count: number;
}

const DROP = /\s(\d+\.\d+): kfree_skb: (.*)$/;
const LOST = /\[LOST (\d+) EVENTS\]/;
const MS_PER_S = 1000;
/** Kernel addresses do not differ in the upper 16 of their 64 bits. */
const ADDRESS = /^(?:0x)?[0-9a-f]{4}([0-9a-f]{12})$/;

/** Undefined for any other line. */
export function parseTracefsLine(line: string): TracefsDrop | TracefsLost | undefined {
  const lost = LOST.exec(line)?.[1];
  if (lost !== undefined) return { kind: "lost", count: Number(lost) };
  const [, seconds, fields] = DROP.exec(line) ?? [];
  if (seconds === undefined || fields === undefined) return undefined;
  const reason = /\breason: (\S+)/.exec(fields)?.[1] ?? null;
  const device = /\blocation=(\S+)/.exec(fields)?.[1];
  return {
    kind: "drop",
    monotonicMs: Number(seconds) * MS_PER_S,
    reason,
    location: device === undefined ? null : locationOf(device),
  };
}

function locationOf(device: string): TracefsDrop["location"] {
  const digits = ADDRESS.exec(device)?.[1];
  if (digits !== undefined) return { address: Number.parseInt(digits, 16) };
  return { symbol: device.replace(/\+0x.*$/, "") };
}
