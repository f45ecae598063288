// VPNs that run in the distro itself, beside one of Windows that has nothing to do with the target.

import { SERVER } from "../topology/addresses.ts";
import { TUNNEL_MTU } from "../topology/names.ts";
import type { Link, Topology } from "../topology/topology.ts";
import { wslTopology } from "../topology/wsl-topology.ts";
import { fault, filter, HEALTHY, ip, wsl2Vpn } from "./building-blocks.ts";
import type { Fault } from "./fault.ts";
import type { Scenario } from "./scenario.ts";

const DISTRO_MTU = 1280;
/** What eth0's 1280 leaves of a packet that WireGuard wraps: 20 + 8 + 32 bytes around it. */
const CARRIED_MTU = 1220;
const FAR_END = "100.100.7.1";

/** The inside of the tunnel, from the distro to its far end. */
const tunnel = (name: string): Link => ({
  mtu: DISTRO_MTU,
  ends: [
    { role: "guest", interface: name, addresses: ["100.100.7.2/24", "2001:db8:a7::2/64"] },
    { role: "internet", interface: "peer0", addresses: [`${FAR_END}/24`, "2001:db8:a7::1/64"] },
  ],
});

function withTunnel(name: string): Topology {
  const windows = wslTopology({ wsl: 2, tunnelMtu: TUNNEL_MTU });
  return { ...windows, links: [...windows.links, tunnel(name)] };
}

const through = (name: string): Fault =>
  ip("guest", `route add ${SERVER.v4} via ${FAR_END} dev ${name}`);

export const DISTRO_VPN_SCENARIOS: readonly Scenario[] = [
  wsl2Vpn({
    name: "tailscale-twice",
    title: "Windows' VPN has pulled eth0 to 1280, and the distro's own tailscale0 has 1280 as well",
    sees: "TLS and uploads to what is behind the distro's VPN hang",
    topology: withTunnel("tailscale0"),
    faults: [
      through("tailscale0"),
      ip("guest", `link set eth0 mtu ${DISTRO_MTU}`),
      filter("internet", "prerouting", `iifname "peer0" meta length > ${CARRIED_MTU} drop`),
      filter("internet", "forward", `oifname "peer0" meta length > ${CARRIED_MTU} drop`),
    ],
    negativeFor: ["pmtu-inbound-blackhole", "vpn-tunnel-dead", "vpn-client-inside-wsl"],
    expected: fault("vpn-mtu-inbound-blackhole", "vpn-adapter", "inbound", {
      inboundPmtu: CARRIED_MTU,
      outboundPmtu: CARRIED_MTU,
      alsoCauses: ["vpn-mtu-outbound-blackhole"],
    }),
  }),
  wsl2Vpn({
    name: "distro-vpn-beside-a-dead-one",
    title:
      "Windows' VPN lets nothing through, and the distro's own wg0 leads to the target: no fault",
    sees: "what is behind the distro's VPN works",
    topology: withTunnel("wg0"),
    faults: [through("wg0"), filter("vpn-gateway", "forward", `ip daddr ${SERVER.v4} drop`)],
    negativeFor: ["vpn-tunnel-dead", "vpn-mtu-inbound-blackhole", "host-forwarding-blocked"],
    expected: HEALTHY,
  }),
];
