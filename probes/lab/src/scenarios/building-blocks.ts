// The parts that scenarios are put together from.

import {
  both,
  HOST_ON_SWITCH,
  LAN_ROUTER,
  SERVER,
  VPN_DNS,
  VPN_GATEWAY,
} from "../topology/addresses.ts";
import { LAN_ALIAS, TUNNEL_MTU, VPN_ALIAS } from "../topology/names.ts";
import type { Role } from "../topology/topology.ts";
import { wslTopology } from "../topology/wsl-topology.ts";
import type { Fault, Hook, IpLines } from "./fault.ts";
import type { Distro, Expected, Resolver, Scenario, ServerOptions } from "./scenario.ts";

export const TARGET = "github.com";

export const ZONE: Scenario["zone"] = {
  [TARGET]: both(SERVER),
  "ipv4.example.test": [SERVER.v4],
  "ipv6.example.test": [SERVER.v6],
  "vpn.example.test": [VPN_GATEWAY.v4],
};

/** As WSL leaves it. */
export const DISTRO: Distro = {
  generatedByWsl: true,
  search: [],
  hosts: null,
  env: {},
  before: [],
};

/** A page of some tens of kB, so that bulk data flows too. */
const LARGE_SERVER: ServerOptions = { flight: "large", bodyBytes: 40_000 };

export const HEALTHY: Expected = {
  verdict: "healthy",
  cause: null,
  segment: null,
  direction: null,
  inboundPmtu: null,
  alsoCauses: [],
};

export const INBOUND_BLACKHOLE: Expected = {
  verdict: "fault",
  cause: "vpn-mtu-inbound-blackhole",
  segment: "vpn-adapter",
  direction: "inbound",
  inboundPmtu: TUNNEL_MTU,
  alsoCauses: [],
};

/** A fault that both sides together locate on one segment. */
export function hostFault(cause: string, segment: Expected["segment"]): Expected {
  return { ...HEALTHY, verdict: "fault", cause, segment };
}

/** What is expected of a fault at a known location. */
export function fault(
  cause: string,
  segment: Expected["segment"],
  direction: Expected["direction"] = null,
  more: Partial<Expected> = {},
): Expected {
  return { ...HEALTHY, verdict: "fault", cause, segment, direction, ...more };
}

/** The same where it still works, after a while or in part. */
export function degraded(...args: Parameters<typeof fault>): Expected {
  return { ...fault(...args), verdict: "degraded" };
}

/** Nothing is wrong, and these notes are listed. */
export function noted(...notes: readonly string[]): Expected {
  return { ...HEALTHY, notes };
}

/** nftables rules of a role. */
export function filter(at: Role, hook: Hook, ...rules: readonly string[]): Fault {
  return { kind: "filter", at, hook, rules };
}

/** Lines of `ip -batch` for a role. */
export function ip(at: Role, ...lines: readonly string[]): IpLines {
  return { kind: "ip", at, lines };
}

/** The far end of the tunnel sends the server no ICMP about packets that do not fit. */
export const FAR_END_SILENT: Fault = { kind: "silent-packet-too-big", at: "vpn-gateway" };
/** The Windows host sends none to its guest. */
export const HOST_SILENT: Fault = { kind: "silent-packet-too-big", at: "host" };

/** WSL's proxy on the switch, which forwards to Windows. */
export const SWITCH_PROXY: Resolver = {
  at: "host",
  addresses: both(HOST_ON_SWITCH),
  behaviour: "answer",
};
/** The company's name server behind the tunnel. */
export const COMPANY_DNS: Resolver = {
  at: "vpn-gateway",
  addresses: both(VPN_DNS),
  behaviour: "answer",
};
export const ROUTER_DNS: Resolver = { at: "lan", addresses: both(LAN_ROUTER), behaviour: "answer" };
/** The router's server while a force tunnel is up. */
export const ROUTER_DNS_SILENT: Resolver = { ...ROUTER_DNS, behaviour: "silent" };

/** What differs between two scenarios of a family. */
type Own = Pick<Scenario, "name" | "title" | "sees" | "expected"> & Partial<Scenario>;

/** WSL2 in NAT mode without a VPN. */
export function wsl2(own: Own): Scenario {
  return {
    topology: wslTopology({ wsl: 2, tunnelMtu: null }),
    faults: [],
    resolvers: [SWITCH_PROXY, ROUTER_DNS],
    zone: ZONE,
    resolvConf: [HOST_ON_SWITCH.v4],
    services: [],
    distro: DISTRO,
    windowsNames: { adapterServers: { [LAN_ALIAS]: [LAN_ROUTER.v4] }, nrpt: [] },
    windowsReports: {},
    server: LARGE_SERVER,
    vantage: "guest",
    target: TARGET,
    command: "path",
    options: [],
    family: 4,
    negativeFor: [],
    ...own,
  };
}

/** WSL2 in NAT mode, Windows in a force tunnel of 1400 bytes. */
export function wsl2Vpn(own: Own): Scenario {
  return wsl2({
    topology: wslTopology({ wsl: 2, tunnelMtu: TUNNEL_MTU }),
    resolvers: [SWITCH_PROXY, COMPANY_DNS, ROUTER_DNS_SILENT],
    windowsNames: {
      adapterServers: { [LAN_ALIAS]: [LAN_ROUTER.v4], [VPN_ALIAS]: [VPN_DNS.v4] },
      nrpt: [],
    },
    ...own,
  });
}
