// Needs about the Windows host: its snapshot, and how the distro is connected to it.

import { windowsSetting } from "../../facts/connection/proxy-state.ts";
import type { Facts } from "../../facts/facts.ts";
import { isMirrored, vantageFacts } from "../../facts/vantage.ts";
import type { WindowsProxySetting } from "../../host/proxy-settings.ts";
import type { VpnOnPath } from "../../host/vpn.ts";
import type { HostSnapshot } from "../../schema/host-snapshot.ts";
import { isBehindHost } from "../chain/kinds.ts";
import { notChecked } from "../outcome.ts";
import { type MetOr, met } from "./met.ts";

export function snapshot({ path: { host } }: Facts): MetOr<HostSnapshot> {
  const taken = host?.snapshot ?? null;
  return taken === null ? notChecked(host?.reason ?? "there is no host snapshot") : met(taken);
}

export type Nat = Extract<Facts["relation"], { readonly kind: "nat" }>;

/** The host's switch with the distro on it, by the snapshot. */
export function nat({ relation }: Facts): MetOr<Nat> {
  return relation?.kind === "nat"
    ? met(relation)
    : notChecked("the guest is not behind the host's NAT");
}

/** The same, by WSL's own word where there is no snapshot. */
export function behindHost(facts: Facts): MetOr<true> {
  return isBehindHost(facts) ? met(true) : notChecked("the distro is not behind a Windows host");
}

/** The host forwards for the distro, or is the machine itself. */
export function hostOnPath(facts: Facts): MetOr<true> {
  return facts.relation?.kind === "same-host" || isBehindHost(facts)
    ? met(true)
    : notChecked("there is no Windows host on the path");
}

export function mirrored({ path }: Facts): MetOr<true> {
  return isMirrored(path) ? met(true) : notChecked("this is not mirrored mode");
}

export function wsl2({ path }: Facts): MetOr<true> {
  return vantageFacts(path)?.kind === "wsl2" ? met(true) : notChecked("this is not WSL2");
}

/** Whether Windows' own route leads into a VPN. */
export function vpn({ vpn: found }: Facts): MetOr<Extract<VpnOnPath, { readonly known: true }>> {
  if (found === null) return notChecked("no snapshot shows whether a VPN is on the path");
  return found.known ? met(found) : notChecked(found.reason);
}

/** What Windows' programs take as their proxy for the target. */
export function windowsProxy({
  path,
}: Facts): MetOr<Extract<WindowsProxySetting, { readonly known: true }>> {
  const setting = windowsSetting(path);
  return setting.known ? met(setting) : notChecked(setting.reason);
}
