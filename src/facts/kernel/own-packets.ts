// What this kernel's evidence shows of the tool's own packets.

import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { KernelDrop } from "../../schema/events/kernel.ts";
import { perPath } from "../per-path.ts";

export type Drop = Seen<KernelDrop>;

/** Drops of the tool's own packets in its own namespace: other namespaces are other machines to a diagnosis. */
export const ownDrops = perPath("ownDrops", computeOwnDrops);

function computeOwnDrops({ kernel }: Path): readonly Drop[] {
  return kernel.drops.filter(
    ({ match, namespace }) => match.by !== "nothing" && namespace.own === true,
  );
}

/** Those of one TCP attempt. */
export function attemptDrops(path: Path, attempt: string): readonly Drop[] {
  return ownDrops(path).filter(({ match }) => match.by === "flow" && match.attempt === attempt);
}

/** Those of one probe, or of an ICMP error with it as its original datagram. */
export function probeDrops(path: Path, cookie: number): readonly Drop[] {
  return ownDrops(path).filter(({ match }) => match.by === "cookie" && match.cookie === cookie);
}

/** The direction of the dropped packets. */
export function directionOf(drops: readonly Drop[]): "inbound" | "outbound" | "both" {
  const directions = new Set(
    drops.flatMap(({ match }) => (match.by === "flow" ? [match.direction] : [])),
  );
  if (directions.size === 2) return "both";
  return directions.has("in") ? "inbound" : "outbound";
}

/** Drops of which nobody knows whose packet it was. */
export function foreignDrops({ kernel }: Path, reason: string): readonly Drop[] {
  return kernel.drops.filter(
    ({ match, ...drop }) => match.by === "nothing" && drop.reason === reason,
  );
}

/** By how much a counter rose during the run; null when counters were not read. */
export function counterRise({ kernel }: Path, counter: string): number | null {
  if (kernel.counters === null) return null;
  return kernel.counters.changes.find((change) => change.counter === counter)?.delta ?? 0;
}

/**
 * Packets that this kernel made and did not send in the run, whoever sent them; null where it does not
 * count both ends of its output. What lacks a route or room is counted apart.
 */
export function heldBack(path: Path, family: 4 | 6): number | null {
  const rise = (name: string) => counterRise(path, `Ip${family === 6 ? "6" : ""}${name}`);
  const [made, sent, discarded] = [rise("OutRequests"), rise("OutTransmits"), rise("OutDiscards")];
  if (made === null || sent === null || discarded === null || sent === 0) return null;
  return Math.max(0, made - sent - discarded);
}

/** Whether drops of own packets would have been seen. */
export function isWatched({ kernel }: Path): boolean {
  return kernel.watch?.source === "ebpf";
}

/** Why drops of own packets would not have been seen; one clause. */
export function whyUnwatched({ kernel, rungs }: Path): string {
  const { watch } = kernel;
  const rung = rungs.find((candidate) => candidate.rung === "kernel-events");
  const reason =
    watch?.stepsDown[0]?.reason ?? rung?.reason ?? "the kernel was not watched in this run";
  return `drops of this kernel are not observable: ${reason}`;
}

/** "NETFILTER_DROP at nft_do_chain, eth0". */
export function formatDrop({ reason, inferred, symbol, interface: device }: KernelDrop): string {
  const name = reason === null ? "no reason given" : `${reason}${inferred ? " (inferred)" : ""}`;
  const location = symbol === null ? "" : ` at ${symbol}`;
  return `${name}${location}${device === null ? "" : `, ${device}`}`;
}
