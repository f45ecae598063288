// What a packet program is made with.

import type { MapReference } from "ebpf-ts-bindings";

export interface ProgramSettings {
  readonly ring: MapReference;
  /** A per-CPU array with one u64: records for which there was no room. */
  readonly lost: MapReference;
  /** 16 bits; cookies of other sessions are not ours. Null: those of every session are ours. */
  readonly session: number | null;
  /** Packets with `(mark & mask) === value` are ours too. */
  readonly mark: { readonly value: number; readonly mask: number } | null;
  /**
   * Connections of the tool, see flows.ts; an array whose one u32 is whether there are any, and one with a bit
   * for each port that one of them has here.
   */
  readonly flows: {
    readonly byKey: MapReference;
    readonly count: MapReference;
    readonly ports: MapReference;
  };
  /** The inode of the only namespace of interest; null for all. */
  readonly netns: number | null;
  /** Look at packets through pointers of the kernel's own, which costs no call; see prefilter.ts. */
  readonly prefilter: boolean;
  /** Packets from or to these addresses are ours too, as bytes: 4 or 16. */
  readonly peers: readonly Buffer[];
  /** Whatever is not ours is reported as well. */
  readonly everything: boolean;
  /** Where packets leave, those with the mark name the connections to follow, and are not reported. */
  readonly learns: boolean;
  /** Records bear the packet's addresses and ports. */
  readonly headers: boolean;
}
