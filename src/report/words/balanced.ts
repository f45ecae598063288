// A size limit of some of several balanced paths in words: which flows meet it, and what the others do.

import type { balancedSeen } from "../../diagnosis/causes/sizes/inbound.ts";
import { betweenBytes } from "../../facts/reasons.ts";

type Balanced = ReturnType<typeof balancedSeen>;

/** Ports that are named; there may be a dozen. */
const SHOWN = 4;

/** Without a verb of its own before it: "on some of ...". */
export function formatBalanced(balanced: Balanced): string {
  const { tried, limited, isByPort, limits, openBytes } = balanced;
  if (!isByPort) {
    return `on some of several balanced paths: ${limited} of ${tried} connections of full size hang for good and the others lose nothing, whatever port they leave from`;
  }
  const [first, ...larger] = limits;
  const ports = first === undefined ? "" : ` (${formatPorts(first.ports)})`;
  const others = larger.map((limit) => `, ${formatCount(limit.ports)} above ${formatSize(limit)}`);
  const open =
    openBytes === null ? "" : `, and the other ${tried - limited} carry ${openBytes} bytes`;
  const count = first === undefined ? 0 : first.ports.length;
  return `on some of several balanced paths, each time the same: ${count} of ${tried} source ports meet it${ports}${others.join("")}${open}`;
}

function formatPorts(ports: readonly number[]): string {
  const more = ports.length - SHOWN;
  const shown = ports.slice(0, SHOWN).join(", ");
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function formatCount(ports: readonly number[]): string {
  return `${ports.length} ${ports.length === 1 ? "loses" : "lose"} packets`;
}

function formatSize({ exact, passed, failed }: Balanced["limits"][number]): string {
  if (exact && passed !== null) return `${passed} bytes`;
  return betweenBytes(passed ?? "an unknown size", failed - 1);
}
