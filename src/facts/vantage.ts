// Where the run stands: what the machine reports, and what a host snapshot adds.

import type { Path } from "../model/path.ts";
import { perPath } from "./per-path.ts";
import { relationOf, settingsOf } from "./reach/path-host.ts";

export interface VantageFacts {
  readonly kind: "wsl1" | "wsl2" | "linux";
  readonly networkingMode: string | null;
  readonly kernel: string;
}

/**
 * A snapshot makes the vantage a WSL guest wherever the tool runs: behind one of the host's adapters
 * it is NAT; with the host's own addresses it is mirrored where WSL's loopback0 is there or .wslconfig asks for that, else WSL1.
 */
export const vantageFacts = perPath("vantageFacts", computeVantageFacts);

function computeVantageFacts(path: Path): VantageFacts | null {
  if (path.vantage === null) return null;
  const { vantage, networkingMode, kernel } = path.vantage;
  if (vantage !== "linux") return { kind: vantage, networkingMode, kernel };
  const relation = relationOf(path)?.kind;
  if (relation === "nat") return { kind: "wsl2", networkingMode: "nat", kernel };
  if (relation !== "same-host") return { kind: vantage, networkingMode, kernel };
  const asked = settingsOf(path)?.get("wsl2.networkingmode")?.toLowerCase();
  const mirrored =
    asked === "mirrored" ||
    path.interfaces?.interfaces.some(({ name }) => name === "loopback0") === true;
  return mirrored
    ? { kind: "wsl2", networkingMode: "mirrored", kernel }
    : { kind: "wsl1", networkingMode: "wsl1", kernel };
}

/** Whether anything shows that this is a distro of WSL: what is typed in Windows helps nobody else. */
export function isShownToBeWsl(path: Path): boolean {
  const kind = vantageFacts(path)?.kind;
  return kind === "wsl1" || kind === "wsl2";
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
