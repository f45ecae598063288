// Services of the distro, tried from Windows: who listens where, and what stands before the port on either side.

import { GUEST, HOST_ON_LAN } from "../topology/addresses.ts";
import type { Role } from "../topology/topology.ts";
import { DISTRO, degraded, fault, filter, HEALTHY, wsl2 } from "./building-blocks.ts";
import { MIRRORED } from "./mirrored.ts";
import type { Expected, Scenario, Service } from "./scenario.ts";

const PORT = 8080;

/** A server of the distro. */
function server(address: string, port = PORT, at: Role = "guest"): Service {
  return { kind: "listener", at, port, address, to: null };
}

/** WSL's listener on Windows' localhost, which is there while the distro has one. */
const RELAY: Service = {
  kind: "listener",
  at: "host",
  port: PORT,
  address: "127.0.0.1",
  to: { address: GUEST.v4, port: PORT },
};

const OPEN = "0.0.0.0";
const FROM_LAN = ["--from", "lan"];

type Own = Pick<Scenario, "name" | "title" | "sees" | "expected"> & Partial<Scenario>;

function inbound(own: Own): Scenario {
  return wsl2({
    target: String(PORT),
    command: "inbound",
    family: null,
    services: [server(OPEN), RELAY],
    ...own,
  });
}

/** Without Windows nothing is known of the way, and who listens is. */
function unseen(expected: Expected): Expected {
  return { ...expected, asUser: { verdicts: ["inconclusive"] } };
}

/** Rows of "excludedPortRanges" and "registry". */
const RANGE = [{ StartPort: 8000, EndPort: 8099, Administered: false }];
const proxyTo = (address: string) => [
  {
    Path: "HKLM:\\SYSTEM\\CurrentControlSet\\Services\\PortProxy\\v4tov4\\tcp",
    Name: `0.0.0.0/${PORT}`,
    Value: `${address}/${PORT}`,
  },
];
const hyperV = (inboundAction: number) => [
  {
    Name: "{40E0AC32-46A5-438A-A0B2-2B479E8F2E90}",
    Enabled: 1,
    DefaultInboundAction: inboundAction,
    DefaultOutboundAction: 2,
  },
];

const MIRRORED_SERVICE = server(OPEN, PORT, "host");

export const INBOUND_SCENARIOS: readonly Scenario[] = [
  inbound({
    name: "inbound-reached",
    title: "A service on all addresses, which Windows reaches by localhost: no fault",
    sees: "nothing is wrong",
    windowsReports: { excludedPortRanges: RANGE, registry: proxyTo(GUEST.v4) },
    negativeFor: [
      "guest-bound-to-loopback",
      "excluded-port-range",
      "localhost-forwarding-broken",
      "portproxy-to-old-address",
      "linux-firewall-in-distro",
      "port-filtered",
    ],
    expected: unseen(HEALTHY),
  }),
  inbound({
    name: "inbound-loopback",
    title: "The service listens on 127.0.0.1, and the LAN is to reach it",
    sees: "the distro reaches it, another machine is refused",
    services: [server("127.0.0.1"), RELAY],
    options: FROM_LAN,
    negativeFor: ["linux-firewall-in-distro", "port-refused"],
    expected: fault("guest-bound-to-loopback", "linux-stack", "inbound"),
  }),
  inbound({
    name: "inbound-loopback-forwarding-off",
    title: "The service listens on 127.0.0.1, and localhost forwarding is switched off",
    sees: "localhost:8080 of Windows is refused, and the distro's address too",
    services: [server("127.0.0.1")],
    windowsReports: { wslconfig: "[wsl2]\nlocalhostForwarding=false\n" },
    negativeFor: ["excluded-port-range", "port-filtered"],
    expected: fault("localhost-forwarding-broken", "windows-stack", "inbound", {
      alsoCauses: ["guest-bound-to-loopback"],
      asUser: { causes: ["guest-bound-to-loopback"] },
    }),
  }),
  inbound({
    name: "inbound-ipv6-alone",
    title: "The service listens on IPv6 alone, and the LAN is to reach it",
    sees: "connections over IPv4 are refused",
    services: [server("::"), RELAY],
    options: FROM_LAN,
    negativeFor: ["linux-firewall-in-distro", "port-refused"],
    expected: fault("guest-bound-to-loopback", "linux-stack", "inbound"),
  }),
  inbound({
    name: "inbound-nobody",
    title: "Nobody listens on the port",
    sees: "connections are refused",
    services: [RELAY],
    negativeFor: ["guest-bound-to-loopback", "localhost-forwarding-broken"],
    expected: unseen(fault("port-refused", "linux-stack")),
  }),
  inbound({
    name: "inbound-wrong-port",
    title: "The service listens on another port than the one that is tried",
    sees: "connections are refused",
    services: [server(OPEN, 8081), RELAY],
    negativeFor: ["guest-bound-to-loopback", "localhost-forwarding-broken"],
    expected: unseen(fault("port-refused", "linux-stack")),
  }),
  inbound({
    services: [server(OPEN)],
    name: "inbound-guest-firewall",
    title: "A rule of the distro's own firewall drops connections to the port from outside",
    sees: "the distro reaches it, others hang",
    faults: [filter("guest", "input", `iifname "eth0" tcp dport ${PORT} drop`)],
    options: FROM_LAN,
    negativeFor: ["port-filtered", "guest-bound-to-loopback"],
    expected: unseen(
      fault("linux-firewall-in-distro", "linux-stack", "inbound", {
        alsoCauses: ["localhost-forwarding-broken"],
      }),
    ),
  }),
  inbound({
    name: "inbound-guest-firewall-everywhere",
    title: "A rule of the distro's own firewall drops every connection to the port",
    sees: "not even the distro reaches it",
    services: [server(OPEN)],
    faults: [filter("guest", "input", `tcp dport ${PORT} drop`)],
    negativeFor: ["port-filtered", "localhost-forwarding-broken", "port-refused"],
    expected: fault("linux-firewall-in-distro", "linux-stack", "inbound"),
  }),
  inbound({
    name: "inbound-host-firewall",
    title: "A filter of Windows drops what goes to the port of the distro",
    sees: "others hang",
    faults: [filter("host", "output", `ip daddr ${GUEST.v4} tcp dport ${PORT} drop`)],
    options: FROM_LAN,
    negativeFor: ["linux-firewall-in-distro", "guest-bound-to-loopback"],
    expected: unseen({
      ...fault("port-filtered", null, "inbound"),
    }),
  }),
  inbound({
    name: "inbound-excluded",
    title: "Windows excludes the port from use, so that localhost does not lead to the distro",
    sees: "localhost:8080 of Windows is refused, the distro's address works",
    services: [server(OPEN)],
    windowsReports: { excludedPortRanges: RANGE },
    negativeFor: ["guest-bound-to-loopback", "port-filtered"],
    expected: unseen(degraded("excluded-port-range", "windows-stack", "inbound")),
  }),
  inbound({
    name: "inbound-localhost-off",
    title: "Localhost forwarding is switched off in .wslconfig",
    sees: "localhost:8080 of Windows is refused, the distro's address works",
    services: [server(OPEN)],
    windowsReports: {
      wslconfig: "[wsl2]\nlocalhostForwarding=false\n",
      excludedPortRanges: [{ StartPort: 5000, EndPort: 5099, Administered: false }],
    },
    negativeFor: ["excluded-port-range", "guest-bound-to-loopback"],
    expected: unseen(degraded("localhost-forwarding-broken", "windows-stack", "inbound")),
  }),
  inbound({
    name: "inbound-old-portproxy",
    title: "Windows forwards the port to the address that the distro had before",
    sees: "Windows reaches the service, other machines do not",
    windowsReports: { registry: proxyTo("172.24.25.99") },
    negativeFor: ["localhost-forwarding-broken", "linux-firewall-in-distro"],
    expected: unseen(degraded("portproxy-to-old-address", "windows-stack", "inbound")),
  }),
  inbound({
    name: "inbound-container",
    title: "The port of a container, published on all addresses: no fault",
    sees: "nothing is wrong",
    services: [server("0.0.0.0", 80), RELAY],
    faults: [
      filter("guest", "redirect", `iifname "eth0" tcp dport ${PORT} dnat ip to 172.17.0.2:80`),
    ],
    distro: {
      ...DISTRO,
      before: [["ip", "address", "replace", "172.17.0.2/32", "dev", "lo"]],
    },
    negativeFor: ["port-refused", "guest-bound-to-loopback"],
    expected: unseen(HEALTHY),
  }),
  inbound({
    ...MIRRORED,
    name: "inbound-mirrored-firewall",
    title:
      "Mirrored mode: the Hyper-V firewall keeps the LAN from the distro, as it does by default",
    sees: "Windows reaches the service, other machines do not",
    services: [MIRRORED_SERVICE],
    windowsReports: {
      ...MIRRORED.windowsReports,
      "Get-NetFirewallHyperVVMSetting": hyperV(4),
    },
    options: FROM_LAN,
    negativeFor: ["guest-bound-to-loopback", "mirrored-port-conflict"],
    expected: unseen(fault("hyperv-firewall-blocks-inbound", "vswitch", "inbound")),
  }),
  inbound({
    ...MIRRORED,
    name: "inbound-mirrored-reached",
    title: "Mirrored mode, and the Hyper-V firewall lets connections in: no fault",
    sees: "nothing is wrong",
    services: [MIRRORED_SERVICE],
    windowsReports: {
      wslconfig: `${MIRRORED.windowsReports.wslconfig}[experimental]\nignoredPorts=3000,9090\n`,
      "Get-NetFirewallHyperVVMSetting": hyperV(2),
      "Get-NetTCPConnection": [{ LocalAddress: HOST_ON_LAN.v4, LocalPort: 445 }],
    },
    negativeFor: ["hyperv-firewall-blocks-inbound", "mirrored-port-conflict"],
    expected: unseen(HEALTHY),
  }),
];
