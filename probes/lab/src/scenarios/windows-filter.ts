// Filters of Windows that hold what the distro sends: its firewalls, a VPN client's switch, a security product.

import { HOST_ON_SWITCH, SERVER } from "../topology/addresses.ts";
import { LAN_ALIAS, SWITCH_ALIAS, TUNNEL_MTU, VPN_ALIAS } from "../topology/names.ts";
import { wslTopology } from "../topology/wsl-topology.ts";
import {
  COMPANY_DNS,
  fault,
  filter,
  HEALTHY,
  hostFault,
  ROUTER_DNS_SILENT,
  SWITCH_PROXY,
  TARGET,
  wsl2,
  wsl2Vpn,
} from "./building-blocks.ts";
import { BY_HAND, PUBLIC_DNS } from "./public-dns.ts";
import type { Scenario } from "./scenario.ts";

const WSL_CREATOR = "{40E0AC32-46A5-438A-A0B2-2B479E8F2E90}";
const hyperV = (DefaultOutboundAction: string) => ({
  Name: WSL_CREATOR,
  Enabled: "True",
  DefaultInboundAction: "Block",
  DefaultOutboundAction,
});
const rule = (Name: string, Action: string, RemotePorts: string, RemoteAddresses = "Any") => ({
  Name,
  DisplayName: Name,
  Enabled: "True",
  Direction: "Outbound",
  Action,
  VMCreatorId: WSL_CREATOR,
  Protocol: "TCP",
  LocalAddresses: "Any",
  LocalPorts: "Any",
  RemoteAddresses,
  RemotePorts,
  RulePriority: 0,
});
const OTHER_RULES = [
  rule("no-ssh", "Block", "22"),
  rule("no-lab", "Block", "Any", "198.18.0.0/15"),
  { ...rule("no-web-in", "Block", "443"), Direction: "Inbound" },
];

/** What the distro sends to one port ends in Windows. */
const WEB_HELD = filter(
  "host",
  "forward",
  'iifname "vswitch0" meta l4proto { tcp, udp } th dport 443 drop',
);
const NOT_FORWARDED = filter("host", "forward", 'iifname "vswitch0" counter drop');
/** Windows itself takes nothing from the distro, and forwards for it. */
const WINDOWS_MUTE = filter("host", "input", 'iifname "vswitch0" counter drop');

const PORT = 5432;
const PORT_HELD = filter("host", "input", `iifname "vswitch0" tcp dport ${PORT} drop`);
const LISTENER = {
  kind: "odd-server",
  at: "host",
  port: PORT,
  does: "greeting",
  named: TARGET,
  to: { address: SERVER.v4, port: 443 },
} as const;
const profile = (Name: string) => ({
  ...{ Name, Enabled: 1, DefaultInboundAction: 4 },
  ...{ AllowInboundRules: 2, AllowLocalFirewallRules: 2 },
});
const PROFILES = ["Domain", "Private", "Public"].map(profile);

const forced = wslTopology({ wsl: 2, tunnelMtu: TUNNEL_MTU });
/** The tunnel as WireGuard's: a route for everything leads into it. */
const WIREGUARD = {
  ...forced,
  adapters: forced.adapters.map((adapter) =>
    adapter.alias === VPN_ALIAS
      ? { ...adapter, description: "WireGuard Tunnel", interfaceType: 53 }
      : adapter,
  ),
};

const binding = (Name: string, ComponentID: string, DisplayName: string) => ({
  ...{ Name, ComponentID, DisplayName },
  Enabled: true,
});
const extension = (Name: string, Vendor: string) => ({
  ...{ Name, Vendor },
  SwitchName: "WSL (Hyper-V firewall)",
  Enabled: true,
});

/** The tunnel as that of another maker's client, without a profile of Windows'. */
const clientOf = (description: string) => ({
  ...forced,
  adapters: forced.adapters.map((adapter) =>
    adapter.alias === VPN_ALIAS
      ? { ...adapter, description, interfaceType: 6, vpn: null }
      : adapter,
  ),
});
/** Of what comes out of the tunnel, questions to others than the company's own server are dropped. */
const OTHER_NAMES_HELD = filter(
  ...(["vpn-gateway", "forward"] as const),
  'iifname "vpn0" meta l4proto { tcp, udp } th dport 53 drop',
);
const BY_PUBLIC_SERVER = {
  resolvers: [SWITCH_PROXY, COMPANY_DNS, ROUTER_DNS_SILENT, PUBLIC_DNS],
  resolvConf: [SERVER.v4],
  distro: BY_HAND,
  faults: [OTHER_NAMES_HELD],
};

export const WINDOWS_FILTER_SCENARIOS: readonly Scenario[] = [
  wsl2Vpn({
    ...BY_PUBLIC_SERVER,
    name: "globalprotect-own-names",
    title: "GlobalProtect lets questions for names through to its own server alone",
    sees: "Temporary failure in name resolution, with the VPN alone",
    topology: clientOf("PANGP Virtual Ethernet Adapter Secure"),
    negativeFor: ["resolvconf-manual-stale", "dns-server-unreachable", "nrpt-only-vpn-dns"],
    expected: fault("globalprotect-explicit-proxy-or-dns", "resolver"),
  }),
  wsl2Vpn({
    ...BY_PUBLIC_SERVER,
    name: "another-client-own-names",
    title: "The same silence of a public server behind a VPN of another maker",
    sees: "Temporary failure in name resolution, with the VPN alone",
    topology: clientOf("Fortinet Virtual Ethernet Adapter (NDIS 6.30)"),
    negativeFor: ["globalprotect-explicit-proxy-or-dns"],
    expected: fault("resolvconf-manual-stale", "resolver"),
  }),
  wsl2({
    name: "hyperv-rule-blocks-port",
    title: "A rule of the Hyper-V firewall blocks the port",
    sees: "https hangs in the distro alone",
    faults: [WEB_HELD],
    windowsReports: {
      "Get-NetFirewallHyperVVMSetting": [hyperV("Allow")],
      "Get-NetFirewallHyperVRule": [...OTHER_RULES, rule("no-web", "Block", "80,443")],
    },
    negativeFor: [
      "port-filtered",
      "host-forwarding-blocked",
      "windows-firewall-blocks-guest-to-host",
    ],
    expected: fault("hyperv-firewall-blocks-outbound", "vswitch", "outbound"),
  }),
  wsl2({
    name: "hyperv-default-blocks",
    title: "The Hyper-V firewall blocks by default, and a rule allows another port",
    sees: "nothing beyond Windows answers the distro",
    faults: [NOT_FORWARDED],
    windowsReports: {
      "Get-NetFirewallHyperVVMSetting": [hyperV("Block")],
      "Get-NetFirewallHyperVRule": [rule("ssh", "Allow", "22")],
    },
    negativeFor: ["host-forwarding-blocked", "vfp-or-switch-extension-drop"],
    expected: fault("hyperv-firewall-blocks-outbound", "vswitch", "outbound"),
  }),
  wsl2({
    name: "hyperv-rules-for-others",
    title: "The same silence of the port, and the rules that block are about others",
    sees: "https hangs in the distro alone",
    faults: [WEB_HELD],
    windowsReports: {
      "Get-NetFirewallHyperVVMSetting": [hyperV("Allow")],
      "Get-NetFirewallHyperVRule": OTHER_RULES,
    },
    negativeFor: ["hyperv-firewall-blocks-outbound"],
    expected: fault("port-filtered", null, "outbound"),
  }),
  wsl2({
    name: "windows-firewall-blocks-port",
    title: "A program on Windows listens, and its firewall lets the distro's connections not in",
    sees: "the database on Windows does not answer the distro",
    target: `${HOST_ON_SWITCH.v4}:${PORT}`,
    faults: [PORT_HELD],
    services: [LISTENER],
    windowsReports: { "Get-NetFirewallProfile": PROFILES },
    negativeFor: ["port-filtered", "gateway-unreachable", "vpn-killswitch-wfp"],
    expected: fault("windows-firewall-blocks-guest-to-host", "windows-stack", "outbound"),
  }),
  wsl2({
    name: "windows-port-without-program",
    title: "The same silence, and nobody listens on Windows",
    sees: "the database on Windows does not answer the distro",
    target: `${HOST_ON_SWITCH.v4}:${PORT}`,
    faults: [PORT_HELD],
    windowsReports: { "Get-NetFirewallProfile": PROFILES },
    negativeFor: ["windows-firewall-blocks-guest-to-host"],
    expected: fault("port-filtered", null),
  }),
  wsl2Vpn({
    name: "wireguard-kill-switch",
    title:
      "WireGuard on Windows takes everything, and lets the distro not even ask Windows for names",
    sees: "Temporary failure in name resolution, with the VPN alone",
    topology: WIREGUARD,
    faults: [WINDOWS_MUTE],
    negativeFor: ["vpn-tunnel-dead", "endpoint-security-drops-wsl", "vpn-metric-steals-wsl-subnet"],
    expected: fault("vpn-killswitch-wfp", "windows-stack"),
  }),
  wsl2Vpn({
    name: "mute-windows-beside-ikev2",
    title: "The same silence of Windows beside a VPN that blocks nothing",
    sees: "Temporary failure in name resolution",
    faults: [WINDOWS_MUTE],
    negativeFor: ["vpn-killswitch-wfp"],
    expected: fault("dns-server-unreachable", "resolver"),
  }),
  wsl2({
    name: "security-filter-drops",
    title: "A security product's filter sits on WSL's switch, and nothing is forwarded",
    sees: "nothing beyond Windows answers the distro",
    faults: [NOT_FORWARDED],
    windowsReports: {
      "Get-NetAdapterBinding": [
        binding(SWITCH_ALIAS, "klim6", "Kaspersky Lab NDIS 6 Filter"),
        binding(LAN_ALIAS, "insecure_npcap", "Npcap Packet Driver (NPCAP)"),
      ],
    },
    negativeFor: ["host-forwarding-blocked", "vpn-killswitch-wfp", "vfp-or-switch-extension-drop"],
    expected: fault("endpoint-security-drops-wsl", "windows-stack"),
  }),
  wsl2({
    name: "security-filter-elsewhere",
    title: "The same silence, with the product's filter on an adapter that is not crossed",
    sees: "nothing beyond Windows answers the distro",
    faults: [NOT_FORWARDED],
    windowsReports: {
      "Get-NetAdapterBinding": [
        binding("Bluetooth Network Connection", "klim6", "Kaspersky Lab NDIS 6 Filter"),
        binding(LAN_ALIAS, "insecure_npcap", "Npcap Packet Driver (NPCAP)"),
      ],
      "Get-VMSwitchExtension": [extension("Microsoft Azure VFP Switch Extension", "Microsoft")],
    },
    negativeFor: ["endpoint-security-drops-wsl", "vfp-or-switch-extension-drop"],
    expected: hostFault("host-forwarding-blocked", "windows-stack"),
  }),
  wsl2({
    name: "switch-extension-drops",
    title: "WSL's switch has an extension of another maker, and nothing is forwarded",
    sees: "nothing beyond Windows answers the distro",
    faults: [NOT_FORWARDED],
    windowsReports: {
      "Get-VMSwitchExtension": [
        extension("Microsoft Azure VFP Switch Extension", "Microsoft"),
        extension("Example Traffic Inspector", "Example Corp"),
      ],
    },
    negativeFor: ["host-forwarding-blocked", "endpoint-security-drops-wsl"],
    expected: fault("vfp-or-switch-extension-drop", "vswitch"),
  }),
  wsl2Vpn({
    name: "filters-and-works",
    title:
      "WireGuard, a security product's filter, a foreign extension, rules for others: and it works",
    sees: "everything works",
    topology: WIREGUARD,
    windowsReports: {
      "Get-NetFirewallHyperVVMSetting": [hyperV("Allow")],
      "Get-NetFirewallHyperVRule": OTHER_RULES,
      "Get-NetFirewallProfile": PROFILES,
      "Get-NetAdapterBinding": [binding(SWITCH_ALIAS, "klim6", "Kaspersky Lab NDIS 6 Filter")],
      "Get-VMSwitchExtension": [extension("Example Traffic Inspector", "Example Corp")],
    },
    negativeFor: [
      "hyperv-firewall-blocks-outbound",
      "vpn-killswitch-wfp",
      "endpoint-security-drops-wsl",
      "vfp-or-switch-extension-drop",
    ],
    expected: HEALTHY,
  }),
];
