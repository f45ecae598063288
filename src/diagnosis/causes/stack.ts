// Causes in the distro's own network stack: its filters and settings.

import type { CauseRow } from "./row.ts";

export const STACK_CAUSES = {
  "linux-firewall-in-distro": {
    title: "A firewall rule of this Linux drops the connection's packets",
    segment: "linux-stack",
    severity: "fault",
    // The rule knows it from the packets.
    direction: null,
    dependsOn: [],
  },
  "rp-filter-drop": {
    title: "The reverse-path filter drops answers that come in by another interface",
    segment: "linux-stack",
    severity: "fault",
    direction: "inbound",
    dependsOn: [],
  },
} as const satisfies Readonly<Record<string, CauseRow>>;
