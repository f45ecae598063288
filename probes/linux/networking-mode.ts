// WSL2's networking mode: what wslinfo prints, else what the interfaces show.

import ipaddr from "ipaddr.js";
import type { GuestRoute, NetworkInterface } from "../../src/schema/events/guest.ts";
import type { System } from "../system.ts";

export interface Mode {
  /** As wslinfo prints it: "nat", "mirrored", "consomme", "bridged", "none"; older builds "virtioproxy". */
  readonly networkingMode: string | null;
  /** The evidence for it. */
  readonly modeBasis: string;
}

const WSLINFO = "/usr/bin/wslinfo";
const WSLINFO_TIMEOUT_MS = 2000;

/** One answer of wslinfo, null when it is missing, silent or odd (microsoft/WSL, src/linux/init/wslinfo.cpp). */
export async function askWslinfo(system: System, option: string): Promise<string | null> {
  const { exitCode, stdout } = await system.run(WSLINFO, [option], {
    timeoutMs: WSLINFO_TIMEOUT_MS,
  });
  const reported = stdout.trim();
  return exitCode === 0 && /^[a-z0-9][a-z0-9.-]{0,30}$/i.test(reported) ? reported : null;
}

export interface ModeMarks {
  readonly interfaces: readonly NetworkInterface[];
  readonly routes: readonly GuestRoute[];
  /** The driver behind each interface, by its name. */
  readonly drivers: ReadonlyMap<string, string>;
  /** The text of `ip rule`. */
  readonly rules: string;
}

/**
 * The mode by its signatures (knowledge of microsoft/WSL, src/linux/init and src/windows/common), the surest first:
 * loopback0, or the rules of tables 127 and 128, which only mirrored mode makes; a virtio driver, which is
 * that of the user-mode gateway; a Hyper-V card on a /20 of private addresses whose router is its first
 * address, as WSL's NAT makes it; no card at all. A Hyper-V card with other addresses may be bridged or a NAT
 * that somebody configured: that is left open.
 */
export function modeByMarks({ interfaces, routes, drivers, rules }: ModeMarks): Mode {
  const cards = interfaces.filter((link) => !link.loopback && link.mac !== null);
  if (cards.some(({ name }) => name === "loopback0")) {
    return { networkingMode: "mirrored", modeBasis: "loopback0 is there" };
  }
  if (/lookup (127|128)\b/.test(rules)) {
    return { networkingMode: "mirrored", modeBasis: "ip rule has the tables 127 and 128" };
  }
  const eth0 = cards.find(({ name }) => name === "eth0");
  if (eth0 === undefined) {
    return cards.length === 0
      ? { networkingMode: "none", modeBasis: "there is no network card" }
      : { networkingMode: null, modeBasis: "there is no eth0, and no other evidence" };
  }
  if (/virtio/.test(drivers.get("eth0") ?? "")) {
    return { networkingMode: "consomme", modeBasis: "eth0 has a virtio driver" };
  }
  const gateway = routes.find(({ prefix, gateway: hop }) => prefix === "0.0.0.0/0" && hop !== null);
  return isWslNat(eth0, gateway?.gateway ?? "")
    ? {
        networkingMode: "nat",
        modeBasis: "eth0 is a Hyper-V card behind the first address of a /20",
      }
    : {
        networkingMode: null,
        modeBasis: "wslinfo prints nothing, and eth0 could be of several modes",
      };
}

/** Hyper-V's own range of hardware addresses. */
const HYPER_V_MAC = "00:15:5d:";
const NAT_PREFIX_LENGTH = 20;
const NAT_RANGES = ["172.16.0.0/12", "192.168.0.0/16"].map((range) => ipaddr.IPv4.parseCIDR(range));

function isWslNat(eth0: NetworkInterface, gateway: string): boolean {
  if (!eth0.mac?.toLowerCase().startsWith(HYPER_V_MAC)) return false;
  return eth0.addresses.some(
    ({ address, family, prefixLength }) =>
      family === 4 &&
      prefixLength === NAT_PREFIX_LENGTH &&
      NAT_RANGES.some((range) => ipaddr.IPv4.parse(address).match(range)) &&
      gateway === firstAddress(address),
  );
}

/** The first address of the network around an IPv4 address. */
function firstAddress(address: string): string {
  const network = ipaddr.IPv4.networkAddressFromCIDR(`${address}/${NAT_PREFIX_LENGTH}`);
  return [...network.octets.slice(0, -1), 1].join(".");
}
