// Where a service of the distro is tried: its own addresses, and what Windows' programs and other machines would use.

import { type HostAdapter, hostAdapters } from "../../host/adapters.ts";
import type { Path } from "../../model/path.ts";
import { guestView, relationOf } from "../reach/path-host.ts";
import { vantageFacts } from "../vantage.ts";

/** Who would use an address to come to the service. */
export type WayKind =
  /** Windows' own localhost, which WSL forwards in NAT mode and shares in mirrored mode. */
  | "windows-localhost"
  /** The distro's address, from Windows. */
  | "windows-to-distro"
  /** Windows' own address in the LAN, from Windows: what other machines there would connect to. */
  | "lan-address"
  /** Windows' own address in the VPN, from Windows. */
  | "vpn-address";

export interface WayTo {
  readonly kind: WayKind;
  readonly address: string;
}

/** The order is that in which they matter; where PowerShell is restricted only the first six are tried. */
export function waysFromWindows(path: Path): readonly WayTo[] {
  return [
    { kind: "windows-localhost", address: "127.0.0.1" },
    ...distroAddresses(path).map((address): WayTo => ({ kind: "windows-to-distro", address })),
    ...windowsAddresses(path),
    { kind: "windows-localhost", address: "::1" },
  ];
}

/** One of each family that leads out; none where the distro has Windows' own addresses. */
export function distroAddresses(path: Path): readonly string[] {
  const kind = vantageFacts(path)?.kind;
  if (kind === "wsl1" || relationOf(path)?.kind === "same-host" || isMirroredMode(path)) return [];
  const links = path.interfaces?.interfaces ?? [];
  const outer = outerDevices(path);
  const own = links
    .filter(({ name, up, loopback }) => up && !loopback && outer.includes(name))
    .flatMap(({ addresses }) => addresses.filter(({ address }) => !isLinkLocal(address)));
  const first = ([4, 6] as const).map((family) => own.find((one) => one.family === family));
  return first.flatMap((one) => one?.address ?? []);
}

/** What default routes leave by; a container's bridge is none of them. */
function outerDevices({ routes }: Path): readonly string[] {
  return (routes?.routes ?? []).flatMap((route) =>
    route.prefix.endsWith("/0") ? [route.interface] : [],
  );
}

function isMirroredMode(path: Path): boolean {
  return vantageFacts(path)?.networkingMode === "mirrored";
}

function isLinkLocal(address: string): boolean {
  return /^(fe[89ab]|169\.254\.)/i.test(address);
}

/** IPv4 of the adapters by which Windows' own packets leave. */
function windowsAddresses(path: Path): readonly WayTo[] {
  const snapshot = path.host?.snapshot ?? null;
  if (snapshot === null) return [];
  const adapters = hostAdapters(snapshot, guestView(path)).filter(({ up }) => up !== false);
  const of = (kind: HostAdapter["kind"], way: WayKind) =>
    adapters.filter((one) => one.kind === kind).flatMap((one) => toWay(one, way));
  const [lan] = of("physical", "lan-address");
  const [vpn] = of("vpn", "vpn-address");
  return [lan, vpn].flatMap((one) => one ?? []);
}

function toWay({ addresses }: HostAdapter, kind: WayKind): readonly WayTo[] {
  return addresses.flatMap(({ address }) =>
    address.includes(":") || isLinkLocal(address) ? [] : [{ kind, address }],
  );
}
