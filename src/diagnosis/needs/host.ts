// Needs about the Windows host: its snapshot, and how the distro is connected to it.

import { windowsSetting } from "../../facts/connection/proxy-state.ts";
import type { Facts } from "../../facts/facts.ts";
import { type Held, heldInWindows as heldOf } from "../../facts/reach/held-in-windows.ts";
import { brokenNetwork as brokenNetworkOf } from "../../facts/reach/wsl-network.ts";
import { isMirrored, vantageFacts } from "../../facts/vantage.ts";
import { isBehindHost } from "../chain/kinds.ts";
import { notChecked, rejected } from "../outcome.ts";
import { asReported, sayNeed } from "../words.ts";
import { met } from "./met.ts";

export function snapshot({ path: { host } }: Facts) {
  const taken = host?.snapshot ?? null;
  return taken === null
    ? notChecked(sayNeed("noSnapshot", { reason: host?.reason ?? null }))
    : met(taken);
}

export type Nat = Extract<Facts["relation"], { readonly kind: "nat" }>;

/** The host's switch with the distro on it, by the snapshot. */
export function nat({ relation }: Facts) {
  return relation?.kind === "nat" ? met(relation) : notChecked(sayNeed("notBehindNat"));
}

/** The same, by WSL's own word where there is no snapshot. */
export function behindHost(facts: Facts) {
  return isBehindHost(facts) ? met(true) : notChecked(sayNeed("notBehindHost"));
}

/** The host forwards for the distro, or is the machine itself. */
export function hostOnPath(facts: Facts) {
  return facts.relation?.kind === "same-host" || isBehindHost(facts)
    ? met(true)
    : notChecked(sayNeed("noHostOnPath"));
}

export function mirrored({ path }: Facts) {
  return isMirrored(path) ? met(true) : notChecked(sayNeed("notMirrored"));
}

export function wsl2({ path }: Facts) {
  return vantageFacts(path)?.kind === "wsl2" ? met(true) : notChecked(sayNeed("notWsl2"));
}

/** How far the distro gets on the network that WSL gives it, where that is not far enough. */
export function brokenNetwork(facts: Facts) {
  const found = brokenNetworkOf(facts);
  return found === null ? rejected(sayNeed("networkCarries"), []) : met(found);
}

/** The distro gets no answer, and Windows itself does: packets end inside Windows. */
export function heldInWindows(facts: Facts) {
  const found: Held = heldOf(facts);
  if (found.kind === "held") return met(found.held);
  if (found.kind === "not-silent") return rejected(sayNeed("networkCarries"));
  if (found.kind === "no-arp") return rejected(sayNeed("noArp"), [found.evidence]);
  if (found.kind === "unknown") return notChecked(asReported(found.because));
  return rejected(asReported(found.because), found.because.evidence);
}

/** Whether Windows' own route leads into a VPN. */
export function vpn({ vpn: found }: Facts) {
  if (found === null) return notChecked(sayNeed("vpnUnknown"));
  return found.known ? met(found) : notChecked(asReported(found));
}

/** What Windows' programs take as their proxy for the target. */
export function windowsProxy({ path }: Facts) {
  const setting = windowsSetting(path);
  return setting.known ? met(setting) : notChecked(asReported(setting));
}
