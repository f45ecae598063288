// What Windows did not make, or made wrong, of the network that WSL gives the distro.

import { fault, filter, HEALTHY, hostFault, ip, wsl2 } from "./building-blocks.ts";
import { MIRRORED, noCard } from "./mirrored.ts";
import type { Scenario } from "./scenario.ts";

const service = (Name: string, Status: string, StartType: string) => ({ Name, Status, StartType });
const RUNNING = [service("SharedAccess", "Running", "Manual"), service("hns", "Running", "Manual")];
const network = (Name: string) => ({ ID: "790e58b4", Name, Type: "ICS", Subnet: [] });
const PORT_TRACKER = {
  Path: "HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters",
  Name: "PortTrackerEnabledMode",
  Value: 1,
};
const netNat = (Name: string, InternalIPInterfaceAddressPrefix: string) => ({
  Name,
  InternalIPInterfaceAddressPrefix,
  Active: true,
});

/** Nothing of the distro's is forwarded; Windows itself answers it. */
const NOT_FORWARDED = filter("host", "forward", 'iifname "vswitch0" counter drop');
/** Nothing that leaves Windows gets any further. */
const NOTHING_PASSES = filter("lan", "prerouting", 'iifname "lan0" counter drop');
const NO_IPV4 = ip("guest", "addr flush dev eth0");

export const WSL_NETWORK_SCENARIOS: readonly Scenario[] = [
  wsl2({
    name: "nat-service-off",
    title: "Internet Connection Sharing is disabled in Windows, and WSL gives no network card",
    sees: "Network is unreachable",
    distro: noCard("eth0"),
    windowsReports: {
      wslconfig: "",
      "Get-Service": [service("SharedAccess", "Stopped", "Disabled"), ...RUNNING.slice(1)],
      "Get-HnsNetwork": [],
    },
    negativeFor: ["networking-none", "missing-or-stale-netnat"],
    expected: fault("nat-service-disabled", "nat", "both"),
  }),
  wsl2({
    name: "nat-service-stopped",
    title: "The same without a card, with the service stopped and free to start",
    sees: "Network is unreachable",
    distro: noCard("eth0"),
    windowsReports: {
      wslconfig: "",
      "Get-Service": [service("SharedAccess", "Stopped", "Manual"), ...RUNNING.slice(1)],
      "Get-HnsNetwork": [network("WSL (Hyper-V firewall)")],
    },
    negativeFor: ["nat-service-disabled", "hns-wsl-network-broken", "networking-none"],
    expected: fault("nat-fallback-changed-mode", "linux-nic", "both"),
  }),
  wsl2({
    name: "hns-network-gone",
    title: "The Host Network Service has no network of WSL's, and eth0 has no address",
    sees: "Network is unreachable",
    faults: [NO_IPV4],
    windowsReports: {
      wslconfig: "",
      "Get-Service": RUNNING,
      "Get-HnsNetwork": [network("Default Switch")],
    },
    negativeFor: ["nat-service-disabled", "nat-fallback-changed-mode", "vethernet-disconnected"],
    expected: fault("hns-wsl-network-broken", "vswitch", "both"),
  }),
  wsl2({
    name: "netnat-left-over",
    title: "A NAT object that somebody made in Windows holds the distro's address",
    sees: "the gateway answers, and nothing beyond it",
    faults: [NOT_FORWARDED],
    windowsReports: { "Get-NetNat": [netNat("OldNat", "172.24.16.0/20")], "Get-Service": RUNNING },
    negativeFor: ["nat-service-disabled", "hns-wsl-network-broken", "gateway-unreachable"],
    expected: fault("missing-or-stale-netnat", "nat", "both"),
  }),
  wsl2({
    name: "netnat-of-others",
    title: "The same silence, with a NAT object for another network",
    sees: "the gateway answers, and nothing beyond it",
    faults: [NOT_FORWARDED],
    windowsReports: { "Get-NetNat": [netNat("Containers", "10.88.0.0/16")] },
    negativeFor: ["missing-or-stale-netnat", "vethernet-disconnected"],
    expected: hostFault("host-forwarding-blocked", "windows-stack"),
  }),
  wsl2({
    ...MIRRORED,
    name: "mirrored-without-fse",
    title: "Mirrored mode: Windows tracks ports by a service that is not installed",
    sees: "no network at all, with addresses and routes as they should be",
    faults: [NOTHING_PASSES],
    windowsReports: {
      ...MIRRORED.windowsReports,
      registry: [PORT_TRACKER],
      "Get-Service": RUNNING,
    },
    negativeFor: ["mirrored-routes-lost", "nat-service-disabled"],
    expected: fault("fse-porttracker-missing", "windows-stack", "both"),
  }),
  wsl2({
    ...MIRRORED,
    name: "mirrored-with-fse",
    title: "Mirrored mode: the service is installed, and the router is dead",
    sees: "no network at all, in Windows neither",
    faults: [NOTHING_PASSES],
    windowsReports: {
      ...MIRRORED.windowsReports,
      registry: [PORT_TRACKER],
      "Get-Service": [...RUNNING, service("FSE", "Running", "Automatic")],
    },
    negativeFor: ["fse-porttracker-missing"],
    expected: fault("dns-server-unreachable", "resolver"),
  }),
  wsl2({
    name: "bridged-to-nothing",
    title: "Bridged mode, and .wslconfig names no switch",
    sees: "Network is unreachable",
    distro: noCard("eth0"),
    windowsReports: { wslconfig: "[wsl2]\nnetworkingMode=bridged\n", "Get-HnsNetwork": [] },
    negativeFor: ["hns-wsl-network-broken", "nat-fallback-changed-mode"],
    expected: fault("bridged-without-switch", "vswitch", "both"),
  }),
  wsl2({
    name: "bridged-to-a-switch",
    title: "Bridged mode on a switch that is there, and the distro has no card all the same",
    sees: "Network is unreachable",
    distro: noCard("eth0"),
    windowsReports: {
      wslconfig: "[wsl2]\nnetworkingMode=bridged\nvmSwitch=WSL\n",
      "Get-HnsNetwork": [],
    },
    negativeFor: ["bridged-without-switch"],
    expected: fault("nat-fallback-changed-mode", "linux-nic", "both"),
  }),
  wsl2({
    name: "leftovers-and-works",
    title: "A NAT object that overlaps, a stopped service, no record of a network: and it works",
    sees: "everything works",
    windowsReports: {
      "Get-NetNat": [netNat("OldNat", "172.24.16.0/20")],
      "Get-Service": [service("SharedAccess", "Stopped", "Disabled")],
      "Get-HnsNetwork": [],
    },
    negativeFor: ["missing-or-stale-netnat", "nat-service-disabled", "hns-wsl-network-broken"],
    expected: HEALTHY,
  }),
];
