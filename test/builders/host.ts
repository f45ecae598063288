// Windows hosts for whole runs: one with a forced VPN of any MTU, one without.

import type { HostSnapshot } from "../../src/schema/host-snapshot.ts";
import {
  address,
  ipInterface,
  LAN,
  plainHostWith,
  type Rows,
  route,
  VPN,
} from "../src/host/example.ts";

export const VPN_NAME = "Example Corp";
export const VPN_SERVER = "203.0.113.5";
export const NRPT_SERVER = "203.0.113.53";

/** LAN 192.0.2.0/24, WSL's switch 198.51.100.0/25, no VPN. */
export const plainHost: HostSnapshot = plainHostWith({});

export interface VpnHost {
  readonly nlMtu?: number | null;
  readonly nrpt?: readonly Rows[];
  readonly more?: Readonly<Record<string, readonly Rows[]>>;
}

/** The same host with Windows' own VPN client connected, every IPv4 address forced into it. */
export function vpnHost({ nlMtu = 1400, nrpt = [], more = {} }: VpnHost = {}): HostSnapshot {
  return plainHostWith({
    "Get-NetIPInterface": [ipInterface(VPN_NAME, VPN, { NlMtu: nlMtu })],
    "Get-NetIPAddress": [address(VPN, "203.0.113.130", 32)],
    "Get-NetRoute": [
      route(VPN, "0.0.0.0/0", "0.0.0.0", { InterfaceMetric: 10 }),
      route(LAN, `${VPN_SERVER}/32`, "192.0.2.1"),
    ],
    "Get-VpnConnection": [
      {
        Name: VPN_NAME,
        ServerAddress: VPN_SERVER,
        ConnectionStatus: "Connected",
        TunnelType: "Ikev2",
        SplitTunneling: false,
      },
    ],
    "Get-DnsClientServerAddress": [
      { InterfaceIndex: LAN, AddressFamily: 2, ServerAddresses: ["192.0.2.1"] },
      { InterfaceIndex: VPN, AddressFamily: 2, ServerAddresses: [] },
    ],
    "Get-DnsClientNrptPolicy": nrpt,
    ...more,
  });
}

export function nrptRule(Namespace: string, ...NameServers: readonly string[]): Rows {
  return { Namespace, NameServers };
}
