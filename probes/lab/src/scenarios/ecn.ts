// Paths and servers that lose packets which ask for ECN or carry its marks, and a lossy path that has nothing to do with it.

import { degraded, fault, filter, wsl2 } from "./building-blocks.ts";
import type { Fault, KernelSetting } from "./fault.ts";
import type { Scenario } from "./scenario.ts";

/** The distro asks for ECN, which is not Linux' default. */
const ASKS: KernelSetting = {
  kind: "kernel-setting",
  at: "guest",
  key: "net/ipv4/tcp_ecn",
  value: "1",
};
const ASKS_ON: Fault = { ...ASKS, key: "net/ipv4/tcp_ecn_fallback", value: "0" };

export const ECN_SCENARIOS: readonly Scenario[] = [
  wsl2({
    name: "ecn-request-lost",
    title: "A firewall of the provider drops requests that ask for ECN; the next one goes without",
    sees: "every connection begins a second late",
    faults: [
      ASKS,
      filter(
        "internet",
        "forward",
        "tcp flags & (syn | ecn | cwr) == (syn | ecn | cwr) counter drop",
      ),
    ],
    negativeFor: ["path-loss", "port-filtered", "server-silent"],
    expected: degraded("ecn-lost", null),
  }),
  wsl2({
    name: "ecn-request-lost-for-good",
    title: "The router drops requests that ask for ECN, and the distro never asks without",
    sees: "nothing connects",
    options: ["--port", "80"],
    faults: [ASKS, ASKS_ON, filter("lan", "forward", "tcp flags & (ecn | cwr) != 0 counter drop")],
    negativeFor: ["path-loss", "host-forwarding-blocked", "destination-down"],
    expected: fault("ecn-lost", null),
  }),
  wsl2({
    name: "ecn-marks-lost",
    title: "A firewall of the provider drops packets with the marks of ECN",
    sees: "every page is slow",
    faults: [ASKS, filter("internet", "forward", "ip ecn { ect0, ect1, ce } counter drop")],
    negativeFor: ["pmtu-inbound-blackhole", "pmtu-outbound-blackhole", "tls-large-hello-lost"],
    expected: degraded("ecn-lost", null),
  }),
  wsl2({
    name: "ecn-asked-on-a-lossy-path",
    title: "The distro asks for ECN, and the path loses a third of all packets, marked or not",
    sees: "everything is slow, and some pages never come",
    faults: [
      ASKS,
      filter("internet", "prerouting", 'iifname "home0" numgen random mod 100 < 33 drop'),
    ],
    negativeFor: ["ecn-lost"],
    expected: { ...degraded("path-loss", "internet-hop"), orOpen: true, orVerdicts: ["fault"] },
  }),
];
