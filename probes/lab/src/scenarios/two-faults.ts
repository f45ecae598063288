// Two faults at once: what stops the user first comes first, and what is hidden behind it is not guessed.

import {
  FAR_END_SILENT,
  fault,
  filter,
  INBOUND_BLACKHOLE,
  wsl2,
  wsl2Vpn,
} from "./building-blocks.ts";
import type { Scenario } from "./scenario.ts";

const NO_DNS = filter(
  "host",
  "input",
  'iifname "vswitch0" meta l4proto { tcp, udp } th dport 53 drop',
);
const POLICY = {
  "Get-NetFirewallProfile": [{ Name: "Public", Enabled: 1, AllowLocalFirewallRules: 0 }],
};

export const TWO_FAULT_SCENARIOS: readonly Scenario[] = [
  wsl2Vpn({
    name: "two-names-and-size",
    title: "WSL2 + VPN: the DNS proxy is closed by policy, and behind it waits the black hole",
    sees: "no name resolves; with addresses TLS hangs",
    faults: [NO_DNS, FAR_END_SILENT],
    windowsReports: POLICY,
    negativeFor: ["hns-dns-rule-stale", "pmtu-inbound-blackhole"],
    expected: {
      ...fault("dns-proxy-blocked-by-local-firewall", "resolver"),
      alsoCauses: ["vpn-mtu-inbound-blackhole"],
    },
  }),
  wsl2({
    name: "two-filters",
    title: "The distro's own firewall drops the port, and so does the home router behind it",
    sees: "one port times out",
    faults: [
      filter("guest", "output", "tcp dport 443 drop"),
      filter("lan", "forward", "tcp dport 443 drop"),
    ],
    negativeFor: ["port-filtered", "proxy-required-but-unset"],
    expected: fault("linux-firewall-in-distro", "linux-stack", "outbound"),
  }),
  wsl2Vpn({
    name: "two-size-and-loss",
    title: "WSL2 + VPN: the black hole, and one packet in fifty is lost on the path",
    sees: "TLS hangs on most sites, and the rest is slow",
    faults: [FAR_END_SILENT, filter("internet", "forward", "numgen inc mod 50 == 25 drop")],
    negativeFor: ["tls-middlebox-reset"],
    expected: { ...INBOUND_BLACKHOLE, inboundPmtu: null, mayAlso: ["path-loss"] },
  }),
];
