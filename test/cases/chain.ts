// The networks of the reported cases, with the addresses of their snapshots.
//
//   guest ---- windows ---- router ---- core ---- site
//   eth0     sw0  nic0    lan0 wan0      |
//               tun0 ======= peer0 far --+         (where there is a VPN)

import { type Cable, createNet, type Net } from "../lab/independent/net.ts";

export const AT = {
  guest: "172.28.64.5",
  onSwitch: "172.28.64.1",
  windows: "192.168.31.8",
  router: "192.168.31.1",
  vpn: "100.64.16.6",
  vpnGateway: "100.64.16.1",
  vpnOuter: "198.51.100.10",
  vpnDns: "192.0.2.53",
  site: "192.0.2.80",
} as const;

type Line = readonly [host: string, line: string];

const ETHERNET = 1500;
const HOSTS = ["guest", "windows", "router", "core", "far", "site"];

export interface NatOptions {
  /** The MTU of the VPN's adapter; absent: there is no VPN. */
  readonly vpnMtu?: number;
  /** Of the link between Windows and its router. */
  readonly lanMtu?: number;
  /** How wide guest and switch believe their network to be. */
  readonly guestPrefix?: number;
  readonly switchPrefix?: number;
}

/** A guest behind Windows' NAT. */
export async function natChain(options: NatOptions = {}): Promise<Net> {
  const { vpnMtu, lanMtu = ETHERNET, guestPrefix = 20, switchPrefix = 20 } = options;
  const lines: readonly Line[] = [
    ["guest", `addr add ${AT.guest}/${guestPrefix} dev eth0`],
    ["guest", `route add default via ${AT.onSwitch}`],
    ["windows", `addr add ${AT.onSwitch}/${switchPrefix} dev sw0`],
    ["windows", `addr add ${AT.windows}/24 dev nic0`],
    ...outside(vpnMtu !== undefined),
    ...(vpnMtu === undefined ? [["windows", `route add default via ${AT.router}`] as const] : VPN),
  ];
  return build(
    [
      [["guest", "eth0"], ["windows", "sw0"], ETHERNET],
      [["windows", "nic0"], ["router", "lan0"], lanMtu],
      ...(vpnMtu === undefined ? [] : [tunnel("windows", "tun0", vpnMtu)]),
    ],
    lines,
    [["windows", masquerade(vpnMtu === undefined ? "nic0" : "tun0")]],
  );
}

/** A guest that has Windows' own address, as in mirrored mode and in WSL1. */
export async function ownChain({ vpnMtu }: Pick<NatOptions, "vpnMtu"> = {}): Promise<Net> {
  const lines: readonly Line[] = [
    ["guest", `addr add ${AT.windows}/24 dev eth0`],
    ["guest", `route add default via ${AT.router}`],
    ...outside(vpnMtu !== undefined),
    ...(vpnMtu === undefined ? [] : [["guest", `addr add ${AT.vpn}/24 dev eth1`] as const]),
  ];
  return build(
    [
      [["guest", "eth0"], ["router", "lan0"], ETHERNET],
      ...(vpnMtu === undefined ? [] : [tunnel("guest", "eth1", vpnMtu)]),
    ],
    lines,
    [],
  );
}

function tunnel(host: string, device: string, mtu: number): Cable {
  return [[host, device], ["far", "peer0"], mtu];
}

const VPN: readonly Line[] = [
  ["windows", `addr add ${AT.vpn}/24 dev tun0`],
  ["windows", `route add default via ${AT.vpnGateway}`],
  ["windows", `route add ${AT.vpnOuter} via ${AT.router}`],
];

/** From the router on. */
function outside(vpn: boolean): readonly Line[] {
  return [
    ["router", `addr add ${AT.router}/24 dev lan0`],
    ["router", "addr add 203.0.113.2/24 dev wan0"],
    ["router", "route add default via 203.0.113.1"],
    ["core", "addr add 203.0.113.1/24 dev c0"],
    ["core", "addr add 198.51.100.1/24 dev c1"],
    ["core", "addr add 192.0.2.1/24 dev c2"],
    ["far", `addr add ${AT.vpnOuter}/24 dev out0`],
    ["far", "route add default via 198.51.100.1"],
    ...(vpn ? [["far", `addr add ${AT.vpnGateway}/24 dev peer0`] as const] : []),
    ["site", `addr add ${AT.site}/24 dev eth0`],
    ["site", `addr add ${AT.vpnDns}/24 dev eth0`],
    ["site", "route add default via 192.0.2.1"],
  ];
}

async function build(
  links: readonly Cable[],
  lines: readonly Line[],
  rules: readonly Line[],
): Promise<Net> {
  const net = await createNet(HOSTS);
  try {
    await net.build({
      links: [
        ...links,
        [["router", "wan0"], ["core", "c0"], ETHERNET],
        [["core", "c1"], ["far", "out0"], ETHERNET],
        [["core", "c2"], ["site", "eth0"], ETHERNET],
      ],
      lines,
      rules: [...rules, ["router", masquerade("wan0")], ["far", masquerade("out0")]],
    });
  } catch (error) {
    await net.remove();
    throw error;
  }
  return net;
}

function masquerade(device: string): string {
  return `table ip out {
  chain leaving {
    type nat hook postrouting priority 100; policy accept;
    oifname "${device}" masquerade
  }
}
`;
}

/** A rule for what a host forwards, as the cases have it. */
export function forwards(net: Net, host: string, ...rules: readonly string[]): Promise<void> {
  return net.nft(host, chain("forward", rules));
}

export function chain(hook: "forward" | "input" | "output", rules: readonly string[]): string {
  return `table inet case_${hook} {
  chain own {
    type filter hook ${hook} priority 0; policy accept;
    ${rules.join("\n    ")}
  }
}
`;
}
