// Causes about proxies: one that is dead, out of date, out of reach, or missing.

import type { CauseRow } from "./row.ts";

export const PROXY_CAUSES = {
  "proxy-localhost-not-mirrored": {
    title: "Windows' proxy is on its own loopback, unreachable from behind NAT",
    segment: "linux-stack",
    severity: "fault",
    direction: null,
    dependsOn: [],
  },
  "autoproxy-stale": {
    title: "The distro still uses a proxy that Windows no longer uses",
    segment: "linux-stack",
    severity: "fault",
    direction: null,
    dependsOn: ["proxy-localhost-not-mirrored"],
  },
  "proxy-required-but-unset": {
    title: "The network requires Windows' proxy, which the distro does not use",
    segment: "linux-stack",
    severity: "fault",
    direction: null,
    dependsOn: [],
  },
  "proxy-set-but-dead": {
    title: "Programs are configured to use a proxy that does not answer",
    segment: null,
    severity: "fault",
    direction: null,
    dependsOn: [
      "autoproxy-stale",
      "proxy-localhost-not-mirrored",
      "no-default-route",
      "gateway-unreachable",
    ],
  },
} as const satisfies Readonly<Record<string, CauseRow>>;
