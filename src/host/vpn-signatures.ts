// What an interface is by its own rows: product names, interface types, VPN profiles.

import { addressOf, isLoopback } from "./address.ts";
import type { HostLink } from "./links.ts";

// IANA ifType numbers (ipifcons.h).
const TYPE_PPP = 23;
const TYPE_LOOPBACK = 24;
const TYPE_PROP_VIRTUAL = 53;
const TYPE_WIFI = 71;
const TYPE_TUNNEL = 131;
const TYPES_MOBILE = [243, 244];

/** The type numbers that WSL itself takes for a VPN, and tunnels. */
const VPN_TYPES: Readonly<Record<number, string>> = {
  [TYPE_PPP]: "PPP",
  [TYPE_PROP_VIRTUAL]: "PROP_VIRTUAL",
  [TYPE_TUNNEL]: "tunnel",
};

/** Driver names that VPN clients install, as Get-NetAdapter shows them in InterfaceDescription. */
const VPN_PRODUCTS: readonly (readonly [RegExp, string])[] = [
  [/anyconnect|cisco secure client/i, "Cisco AnyConnect"],
  [/pangp|globalprotect/i, "GlobalProtect"],
  [/forti(net|client|ssl)|ftnt/i, "FortiClient"],
  [/juniper|pulse secure|ivanti/i, "Pulse Secure"],
  [/check ?point/i, "Check Point"],
  [/zscaler/i, "Zscaler"],
  [/netskope/i, "Netskope"],
  [/sonicwall|netextender/i, "SonicWall"],
  [/\bF5\b.*(vpn|access|networks)|big-?ip edge/i, "F5"],
  [/citrix (virtual|secure|gateway|vpn)/i, "Citrix Gateway"],
  [/cloudflare|\bwarp\b/i, "Cloudflare WARP"],
  [/tailscale/i, "Tailscale"],
  [/zerotier/i, "ZeroTier"],
  [/hamachi/i, "Hamachi"],
  [/netbird|firezone|twingate|appgate|perimeter 81|openziti/i, "a zero-trust client"],
  [/mullvad/i, "Mullvad"],
  [/nordlynx|nordvpn/i, "NordVPN"],
  [/proton ?vpn/i, "Proton VPN"],
  [/expressvpn|lightway|windscribe|surfshark|private internet access/i, "a consumer VPN"],
  [/sangfor|array networks|watchguard|sophos|barracuda|stormshield|aventail/i, "a company VPN"],
  [/softether|strongswan|ncp secure client|shrew soft|openconnect|viscosity/i, "a VPN client"],
  [/openvpn|tap-windows|tap-win32|\btap adapter\b|ovpn-dco/i, "OpenVPN or its TAP driver"],
  [/wireguard|wintun/i, "WireGuard or its Wintun driver"],
  [/\bvpn\b/i, "an adapter that calls itself VPN"],
];

const TRANSITION = /teredo|isatap|6to4|ip-?https/i;
const MACHINE_PRODUCTS = /vmware|virtualbox|parallels|bluestacks/i;
const HARDWARE_WORDS =
  /\bintel\b|realtek|broadcom|qualcomm|atheros|killer|marvell|mediatek|ralink|asix|aquantia|mellanox|virtio|vmxnet|hyper-v network|\b(gbe|gigabit|pcie?|usb|wireless|wi-?fi|wlan|bluetooth|wwan|mobile broadband)\b/i;

/** Loopback by type, by address, or by the name that Windows gives it. Null when it is none. */
export function loopbackMark(link: HostLink): string | null {
  if (link.interfaceType === TYPE_LOOPBACK) return "InterfaceType 24 (software loopback)";
  const own = link.addresses.map(({ address }) => addressOf(address));
  if (own.some((address) => address !== null && isLoopback(address))) {
    return "it has a loopback address";
  }
  return /^loopback pseudo-interface/i.test(link.name) ? "its name" : null;
}

/** Signs of a VPN in the adapter's own rows; null when there is none. */
export function vpnMark(link: HostLink): string | null {
  if (isPppoe(link)) return null;
  if (link.vpnConnection !== null) {
    const state =
      link.vpnConnection.connected === null
        ? "in an unknown state"
        : link.vpnConnection.connected
          ? "Connected"
          : "Disconnected";
    return `Get-VpnConnection lists "${link.vpnConnection.name}" (${state})`;
  }
  if (notVpnMark(link) !== null) return null;
  return productMark(link) ?? typeMark(link);
}

/** Signs of a virtual adapter that is no VPN: Hyper-V, virtual machines, IPv6 transition, templates. */
export function notVpnMark(link: HostLink): string | null {
  const words = `${link.name} ${link.description ?? ""}`;
  if (TRANSITION.test(words))
    return "an IPv6 transition interface (Teredo, ISATAP, 6to4, IP-HTTPS)";
  if (isHyperVNic(link)) return "a Hyper-V virtual Ethernet adapter";
  if (MACHINE_PRODUCTS.test(words)) return "an adapter of a virtual machine product";
  if (isPppoe(link)) return "PPPoE dial-up, the access line itself";
  if (/^wan miniport/i.test(link.description ?? "") && link.addresses.length === 0) {
    return "a WAN Miniport template without an address";
  }
  // "Intel(R) Ethernet-WFP Native MAC Layer LightWeight Filter-0000" and its like carry no IP.
  if (/-\d{4}$/.test(link.description ?? "")) return "a filter module on another adapter";
  if (/npcap|km-test|wi-?fi direct/i.test(words)) return "a software adapter of Windows or Npcap";
  return null;
}

/** The host's own port on a Hyper-V switch; "Hyper-V" stands in the description in every language. */
export function isHyperVNic(link: HostLink): boolean {
  if (/^vethernet\b/i.test(link.name)) return true;
  const description = link.description ?? "";
  return /hyper-v/i.test(description) && /virt|仮想|虚拟|虛擬|가상|вирт|wirt/i.test(description);
}

/** The name that WSL gives its switch: "vEthernet (WSL)", "vEthernet (WSL (Hyper-V firewall))". */
export function hasWslSwitchName(link: HostLink): boolean {
  return /^vethernet \(wsl(\)| \()/i.test(link.name);
}

/** Signs of a real device; null when there is none. Ethernet alone is no sign: clients pose as it. */
export function hardwareMark(link: HostLink): string | null {
  if (link.virtual === true && link.hardware !== true) return null;
  if (link.interfaceType === TYPE_WIFI) return "InterfaceType 71 (Wi-Fi)";
  if (link.interfaceType !== null && TYPES_MOBILE.includes(link.interfaceType)) {
    return `InterfaceType ${link.interfaceType} (mobile broadband)`;
  }
  if (link.hardware === true) return "Windows reports it as hardware";
  const description = link.description ?? "";
  return HARDWARE_WORDS.test(description) ? `its description "${description}"` : null;
}

/** A name that a person gave: the weakest sign, used when Get-NetAdapter has no type. */
export function vpnNameMark(link: HostLink): string | null {
  if (link.description !== null || notVpnMark(link) !== null) return null;
  const product = VPN_PRODUCTS.find(([pattern]) => pattern.test(link.name));
  return product === undefined ? null : `its name "${link.name}" (no description to check it by)`;
}

function productMark(link: HostLink): string | null {
  const description = link.description ?? "";
  const product = VPN_PRODUCTS.find(([pattern]) => pattern.test(description));
  return product === undefined ? null : `its description "${description}" is that of ${product[1]}`;
}

function typeMark(link: HostLink): string | null {
  const word = link.interfaceType === null ? undefined : VPN_TYPES[link.interfaceType];
  return word === undefined ? null : `InterfaceType ${link.interfaceType} (${word})`;
}

function isPppoe(link: HostLink): boolean {
  return /pppoe/i.test(link.description ?? "");
}
