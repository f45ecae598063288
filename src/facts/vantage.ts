// Where the run stands: what the machine reports, and what a host snapshot adds.

import type { Path } from "../model/path.ts";
import { perPath } from "./per-path.ts";
import { relationOf } from "./reach/path-host.ts";

export interface VantageFacts {
  readonly kind: "wsl1" | "wsl2" | "linux";
  readonly networkingMode: string | null;
  readonly kernel: string;
}

/**
 * A snapshot makes the vantage a WSL guest wherever the tool runs: behind one of the host's adapters
 * it is NAT; with the host's own addresses it is mirrored where WSL's loopback0 is there, else WSL1.
 */
export const vantageFacts = perPath("vantageFacts", computeVantageFacts);

function computeVantageFacts(path: Path): VantageFacts | null {
  if (path.vantage === null) return null;
  const { vantage, networkingMode, kernel } = path.vantage;
  if (vantage !== "linux") return { kind: vantage, networkingMode, kernel };
  const relation = relationOf(path)?.kind;
  if (relation === "nat") return { kind: "wsl2", networkingMode: "nat", kernel };
  if (relation !== "same-host") return { kind: vantage, networkingMode, kernel };
  const mirrored = path.interfaces?.interfaces.some(({ name }) => name === "loopback0") === true;
  return mirrored
    ? { kind: "wsl2", networkingMode: "mirrored", kernel }
    : { kind: "wsl1", networkingMode: "wsl1", kernel };
}

/** WSL2 in mirrored mode, as it reports itself, or by the addresses in the snapshot. */
export function isMirrored(path: Path): boolean {
  return vantageFacts(path)?.networkingMode === "mirrored";
}

/** User-mode gateways answer for the far side themselves, whatever the TTL, and forward no ICMP. */
export function isUserModeNat({ vantage }: Path): boolean {
  const mode = vantage?.networkingMode ?? null;
  return mode === "consomme" || mode === "virtioproxy";
}
