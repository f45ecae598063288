// Size limits on one of several paths that share the connections between them by their ports.

import { degraded, fault, filter, HEALTHY, ip, wsl2 } from "./building-blocks.ts";
import type { Scenario } from "./scenario.ts";

/** What comes back to ports that the balancer gives this branch, of so many. */
const toBranch = (of: number, branch: number) =>
  `iifname "rack0" jhash th dport mod ${of} seed 7 == ${branch}`;
const fromBranch = (of: number, branch: number) =>
  `iifname "home0" jhash th sport mod ${of} seed 7 == ${branch}`;
const above = (bytes: number) => `meta length > ${bytes}`;

/** Of no common link. */
const ODD_MTU = 1337;

const LOOKS_LIKE = ["path-loss", "ecmp-branch-broken", "new-connections-lost", "transfer-stalls"];

export const BALANCED_SIZE_SCENARIOS: readonly Scenario[] = [
  wsl2({
    name: "balanced-inbound-limit",
    title: "Answers are balanced over two paths, and one of them drops what is above 1400 bytes",
    sees: "half of the connections hang after the ClientHello, the others work",
    faults: [filter("internet", "forward", `${toBranch(2, 0)} ${above(1400)} drop`)],
    negativeFor: [...LOOKS_LIKE, "tls-large-hello-lost", "vpn-mtu-inbound-blackhole"],
    expected: {
      ...degraded("pmtu-inbound-blackhole", null, "inbound", { inboundPmtu: 1400 }),
      orVerdicts: ["fault"],
    },
  }),
  wsl2({
    name: "balanced-inbound-limits-differ",
    title:
      "Answers are balanced over two paths: one drops what is above 1337 bytes, one above 1440",
    sees: "TLS hangs on all sites; what helps with one connection does not with the next",
    faults: [
      filter(
        "internet",
        "forward",
        `${toBranch(2, 0)} ${above(ODD_MTU)} drop`,
        `iifname "rack0" ${above(1440)} drop`,
      ),
    ],
    negativeFor: LOOKS_LIKE,
    expected: fault("pmtu-inbound-blackhole", null, "inbound", { inboundPmtu: ODD_MTU }),
  }),
  wsl2({
    name: "balanced-outbound-limit",
    title: "Requests are balanced over two paths, and one of them drops what is above 1400 bytes",
    sees: "some uploads hang, others work",
    faults: [filter("internet", "forward", `${fromBranch(2, 0)} ${above(1400)} drop`)],
    negativeFor: [...LOOKS_LIKE, "tls-large-hello-lost"],
    expected: degraded("pmtu-outbound-blackhole", null, "outbound", { outboundPmtu: 1400 }),
  }),
  wsl2({
    name: "balanced-inbound-limit-reported",
    title: "Answers are balanced over two paths, and one of them reports a limit of 1400: no fault",
    sees: "everything works",
    faults: [
      filter("internet", "prerouting", `${toBranch(2, 0)} meta mark set 7`),
      ip("internet", "rule add fwmark 7 table 7", "route add default dev home0 mtu 1400 table 7"),
    ],
    negativeFor: ["pmtu-inbound-blackhole", "path-loss"],
    expected: HEALTHY,
  }),
];
