// Pseudonyms of interfaces and adapters: the words that say what one is stay, a name that somebody gave does not.

import type { Pseudonyms } from "./pseudonyms.ts";

/** Names of the kernel's and Windows' own, of drivers and of VPN products, which findings rest on. */
const KNOWN = new Set(
  `
  eth en lo loopback wifi wi fi wlan wl wwan tun tap utun wg ppp sit gre vti bond team dummy docker gwbridge br
  bridge bridged veth vlan vnet virbr lxc cni ifb gpd cscotun outline zt vpn nordlynx tailscale proton
  vethernet wsl hyper hyperv v virtual ethernet adapter adapters firewall external internal default switch nat host
  container network connection controller local area pseudo interface software microsoft kernel debug teredo isatap
  to https http ip tunneling tunnel tunnelling miniport wan ikev ikeve pptp sstp pppoe monitor filter driver
  lightweight wfp native mac layer qos packet scheduler debugger npcap km test direct intel r tm realtek broadcom
  qualcomm atheros killer marvell mediatek ralink asix aquantia mellanox virtio vmxnet gbe gigabit pci pcie usb
  wireless bluetooth mobile broadband family series device personal lan card nic ghz mhz dual band ac ax be n
  vmware virtualbox parallels bluestacks workstation only windows win for x x64
  cisco anyconnect secure client pangp palo alto networks globalprotect forti fortinet forticlient fortissl ssl ftnt
  juniper pulse ivanti check point checkpoint zscaler netskope sonicwall netextender f big edge access citrix gateway
  cloudflare warp zerotier hamachi logmein netbird firezone twingate appgate perimeter openziti mullvad nordvpn
  protonvpn expressvpn lightway windscribe surfshark private internet sangfor array watchguard sophos barracuda
  stormshield aventail softether strongswan ncp shrew soft openconnect viscosity openvpn ovpn dco wireguard wintun
  carte drahtlos drahtlosnetzwerk conexión connexion verbindung reseau réseau area rete
  以太网 乙太網路 本地连接 區域連線 无线网络连接 無線網路連線 イーサネット 接続 이더넷 虚拟 虛擬 仮想 가상 适配器 介面卡
  `
    .trim()
    .split(/\s+/),
);
/** Beginnings by which the kind of an interface is known, and signs of a virtual adapter in other languages. */
const STEM = /^(?:tun|tap|wg|ppp|utun|tailscale|nordlynx|proton|zt|gpd|cscotun|enx|veth)/;
const SIGN = /virt|仮想|虚拟|虛擬|가상|вирт|wirt/i;
/** Docker names a bridge by the beginning of its network's id. */
const DOCKER_BRIDGE = /^br-[0-9a-f]{4,12}$/;
const DOCKER_DIGITS = 12;
/** "AX201", "I219", "160MHz": models and speeds. */
const MODEL = /^(?:[A-Z]{1,2}\d{3,4}|\d{1,4}[A-Za-z]{0,3})$/;

export interface AdapterPseudonyms {
  replace(name: string): string;
}

export function createAdapters(pseudonyms: Pseudonyms): AdapterPseudonyms {
  const word = (token: string): string => {
    const lower = token.toLowerCase();
    if (KNOWN.has(lower) || KNOWN.has(lower.replace(/\d{1,4}$/, "")) || MODEL.test(token)) {
      return token;
    }
    const name = `name-${pseudonyms.number("name", lower)}`;
    pseudonyms.learn(token, name);
    const [stem] = STEM.exec(lower) ?? [];
    const [sign] = SIGN.exec(token) ?? [];
    return [
      ...(stem === undefined ? [] : [stem]),
      name,
      ...(sign === undefined ? [] : [sign]),
    ].join("-");
  };
  return {
    replace: (name) => {
      if (DOCKER_BRIDGE.test(name)) {
        pseudonyms.count("interface or adapter", name);
        const number = pseudonyms.number("bridge", name);
        return `br-${number.toString().padStart(DOCKER_DIGITS, "0")}`;
      }
      const replaced = name.replace(/[\p{L}\p{M}\p{N}]+/gu, word);
      if (replaced === name) return name;
      pseudonyms.count("interface or adapter", name);
      pseudonyms.learn(name, replaced);
      return replaced;
    },
  };
}
