// Packets that are lost by chance: of every size, and of the large ones alone.

import { degraded, filter, HEALTHY, wsl2 } from "./building-blocks.ts";
import type { Scenario } from "./scenario.ts";

export const LOSS_SCENARIOS: readonly Scenario[] = [
  wsl2({
    name: "path-loss",
    title: "The provider loses every third packet",
    sees: "everything is slow, some of it times out",
    faults: [filter("internet", "prerouting", 'iifname "home0" numgen random mod 100 < 33 drop')],
    negativeFor: [
      "ecmp-branch-broken",
      "new-connections-lost",
      "pmtu-inbound-blackhole",
      "pmtu-outbound-blackhole",
      "icmp-rate-limited",
    ],
    expected: { ...degraded("path-loss", "internet-hop"), orOpen: true, orVerdicts: ["fault"] },
  }),
  wsl2({
    name: "loss-of-large-packets",
    title: "The provider loses three in ten of the packets above 1200 bytes, each way",
    sees: "pages come slowly, ping and ssh are fine",
    faults: [filter("internet", "forward", "meta length > 1200 numgen random mod 10 < 3 drop")],
    negativeFor: [
      "pmtu-inbound-blackhole",
      "pmtu-outbound-blackhole",
      "ecmp-branch-broken",
      "icmp-rate-limited",
    ],
    expected: { ...degraded("path-loss", null, "both"), orVerdicts: ["fault"] },
  }),
  wsl2({
    name: "loss-by-size-outbound",
    title: "What is sent is lost the more, the larger it is",
    sees: "uploads crawl, downloads are fine",
    faults: [
      filter(
        "internet",
        "forward",
        'iifname "home0" meta length > 900 numgen random mod 10 < 2 drop',
        'iifname "home0" meta length > 1300 numgen random mod 10 < 3 drop',
      ),
    ],
    negativeFor: ["pmtu-outbound-blackhole", "ecmp-branch-broken", "icmp-rate-limited"],
    expected: { ...degraded("path-loss", null, "outbound"), orVerdicts: ["fault"] },
  }),
  wsl2({
    name: "loss-of-one-percent",
    title: "One packet in a hundred is lost: no fault",
    sees: "everything works",
    faults: [filter("internet", "forward", "numgen inc mod 100 == 50 drop")],
    negativeFor: ["path-loss", "pmtu-inbound-blackhole"],
    expected: HEALTHY,
  }),
];
