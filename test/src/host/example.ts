// Host snapshots for the tests: one builder, and the hosts that several tests share.

import { type HostSnapshot, parseHostSnapshot } from "../../../src/schema/host-snapshot.ts";

export type Rows = Readonly<Record<string, unknown>>;

/** A snapshot with these sources, parsed as one from a file would be. */
export function snapshotOf(sources: Rows): HostSnapshot {
  return parseHostSnapshot({
    schema: "wsl-trace.host/1",
    collectedAt: "2026-11-22T10:00:00Z",
    elevated: false,
    languageMode: "FullLanguage",
    sources,
  });
}

export function adapter(Name: string, ifIndex: number, more: Rows = {}): Rows {
  return { Name, ifIndex, Status: "Up", InterfaceType: 6, MtuSize: 1500, ...more };
}

export function ipInterface(InterfaceAlias: string, ifIndex: number, more: Rows = {}): Rows {
  return {
    InterfaceAlias,
    ifIndex,
    AddressFamily: 2,
    NlMtu: 1500,
    InterfaceMetric: 25,
    ConnectionState: 1,
    Dhcp: 1,
    ...more,
  };
}

export function address(ifIndex: number, IPAddress: string, PrefixLength: number): Rows {
  const AddressFamily = IPAddress.includes(":") ? 23 : 2;
  return { ifIndex, IPAddress, PrefixLength, AddressFamily };
}

export function route(ifIndex: number, prefix: string, hop: string, more: Rows = {}): Rows {
  const AddressFamily = prefix.includes(":") ? 23 : 2;
  const row = { ifIndex, DestinationPrefix: prefix, NextHop: hop, AddressFamily };
  return { ...row, RouteMetric: 0, InterfaceMetric: 25, ...more };
}

const SWITCH = "vEthernet (WSL (Hyper-V firewall))";
export const LAN = 9;
export const WSL = 31;
export const VPN = 62;

export const loopbackInterface = ipInterface("Loopback Pseudo-Interface 1", 1, {
  NlMtu: 4294967295,
  InterfaceMetric: 75,
  Dhcp: 0,
});

/** Ethernet on 192.0.2.0/24, WSL's switch with 198.51.100.1/25, and no VPN. */
export const plainHost = {
  "Get-NetAdapter": [
    adapter("Ethernet", LAN, { InterfaceDescription: "Realtek PCIe GbE Family Controller" }),
    adapter(SWITCH, WSL, { InterfaceDescription: "Hyper-V Virtual Ethernet Adapter" }),
  ],
  "Get-NetIPInterface": [
    loopbackInterface,
    ipInterface("Ethernet", LAN),
    ipInterface(SWITCH, WSL, { InterfaceMetric: 5000, Dhcp: 0 }),
  ],
  "Get-NetIPAddress": [
    address(1, "127.0.0.1", 8),
    address(LAN, "192.0.2.20", 24),
    address(WSL, "198.51.100.1", 25),
  ],
  "Get-NetRoute": [
    route(LAN, "0.0.0.0/0", "192.0.2.1"),
    route(LAN, "192.0.2.0/24", "0.0.0.0", { RouteMetric: 256 }),
    route(WSL, "198.51.100.0/25", "0.0.0.0", { RouteMetric: 256, InterfaceMetric: 5000 }),
    route(1, "127.0.0.0/8", "0.0.0.0", { RouteMetric: 256, InterfaceMetric: 75 }),
  ],
  "Get-VpnConnection": [],
};

/** The plain host with more rows behind those of each source. */
export function plainHostWith(more: Readonly<Record<string, readonly Rows[]>>): HostSnapshot {
  const base: Readonly<Record<string, readonly unknown[]>> = plainHost;
  const keys = [...new Set([...Object.keys(base), ...Object.keys(more)])];
  return snapshotOf(
    Object.fromEntries(keys.map((key) => [key, [...(base[key] ?? []), ...(more[key] ?? [])]])),
  );
}

/** The plain host, with sources instead of its own. */
export function hostWith(more: Rows): HostSnapshot {
  return snapshotOf({ ...plainHostWith({}).sources, ...more });
}

/** Windows' own IKEv2 client, force tunnel, its DNS servers in NRPT only. */
export function ikev2Host(): HostSnapshot {
  return plainHostWith({
    "Get-NetIPInterface": [ipInterface("Example Corp", VPN, { NlMtu: 1400, InterfaceMetric: 25 })],
    "Get-NetIPAddress": [address(VPN, "203.0.113.130", 32)],
    "Get-NetRoute": [
      route(VPN, "0.0.0.0/0", "0.0.0.0", { RouteMetric: 0, InterfaceMetric: 10 }),
      route(LAN, "203.0.113.5/32", "192.0.2.1"),
    ],
    "Get-VpnConnection": [
      {
        Name: "Example Corp",
        ServerAddress: "203.0.113.5",
        ConnectionStatus: "Connected",
        TunnelType: "Ikev2",
        SplitTunneling: false,
      },
    ],
    "Get-DnsClientServerAddress": [
      { InterfaceIndex: LAN, AddressFamily: 2, ServerAddresses: ["192.0.2.1"] },
      { InterfaceIndex: VPN, AddressFamily: 2, ServerAddresses: [] },
    ],
    "Get-DnsClientNrptPolicy": [{ Namespace: ".", NameServers: ["203.0.113.53"] }],
  });
}

/** AnyConnect: an Ethernet card by its type, metric 1, beside the LAN's default route. */
export function anyConnectHost(description: string | null): HostSnapshot {
  const words = description === null ? {} : { InterfaceDescription: description };
  return plainHostWith({
    "Get-NetAdapter": [adapter("Ethernet 2", VPN, { MtuSize: 1300, ...words })],
    "Get-NetIPInterface": [ipInterface("Ethernet 2", VPN, { NlMtu: 1300, InterfaceMetric: 1 })],
    "Get-NetIPAddress": [address(VPN, "203.0.113.130", 26)],
    "Get-NetRoute": [
      route(VPN, "0.0.0.0/0", "203.0.113.129", { RouteMetric: 1, InterfaceMetric: 1 }),
      route(LAN, "203.0.113.5/32", "192.0.2.1"),
    ],
  });
}

/** WireGuard: both halves of the address space, no route that is named a default. */
export function wireGuardHost(more: Rows = {}): HostSnapshot {
  return plainHostWith({
    "Get-NetAdapter": [adapter("wg-office", VPN, { InterfaceType: 53, MtuSize: 65535, ...more })],
    "Get-NetIPInterface": [ipInterface("wg-office", VPN, { NlMtu: 1420, InterfaceMetric: 5 })],
    "Get-NetIPAddress": [address(VPN, "203.0.113.140", 32)],
    "Get-NetRoute": [
      route(VPN, "0.0.0.0/1", "0.0.0.0", { InterfaceMetric: 5 }),
      route(VPN, "128.0.0.0/1", "0.0.0.0", { InterfaceMetric: 5 }),
    ],
  });
}

export const guest = {
  addresses: [{ address: "198.51.100.20", prefixLength: 25 }],
  gateways: ["198.51.100.1"],
};
