// The port between `wsl-trace drops` and what watches this kernel.

import type { LiveDrop } from "./schema/live-drop.ts";

/** Which packets are meant. */
export type DropScope =
  /** Those that carry this tool's mark, of any run. */
  | { readonly kind: "marked" }
  /** From or to a host. */
  | { readonly kind: "host"; readonly host: string }
  | { readonly kind: "flow"; readonly flow: FlowEndpoints }
  | { readonly kind: "all" };

/** A connection by its ends, whichever of them is here. */
export interface FlowEndpoints {
  readonly a: { readonly address: string; readonly port: number };
  readonly b: { readonly address: string; readonly port: number };
}

export interface DropsRequest {
  readonly scope: DropScope;
  /** Null: until it is interrupted. */
  readonly timeoutMs: number | null;
  readonly ebpf: boolean;
  readonly allNetns: boolean;
}

export interface DropsWatch {
  readonly kind: "watching";
  /** Ends when the watch does. */
  readonly drops: AsyncIterable<LiveDrop>;
  /** The addresses of the target, or the ends of the flow, as they were asked for; empty for everybody's packets. */
  readonly peers: readonly string[];
  /** What is watched, and with what; one sentence. */
  readonly note: string;
  /** Drops that nobody had room for. */
  lost(): number;
}

/** Why nothing can be watched here. */
export interface DropsUnavailable {
  readonly kind: "unavailable";
  readonly reason: string;
}
