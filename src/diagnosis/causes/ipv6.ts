// Causes about IPv6: preferred where it is dead, switched off where it is needed.

import type { CauseRow } from "./row.ts";

export const IPV6_CAUSES = {
  "ipv6-preferred-but-dead": {
    title: "IPv6 is used first and never answers, while IPv4 works",
    segment: null,
    severity: "warning",
    direction: null,
    dependsOn: [],
  },
  "ipv6-disabled-by-registry": {
    title: "Windows' registry switches IPv6 off, and mirrored mode with it",
    segment: "windows-stack",
    severity: "note",
    direction: null,
    dependsOn: [],
  },
} as const satisfies Readonly<Record<string, CauseRow>>;
