// Causes about proxies: one that is dead, out of date, out of reach, or missing.

import type { CauseRow } from "./row.ts";

export const PROXY_CAUSES = {
  "proxy-localhost-not-mirrored": {
    title: "Windows' proxy is on its own loopback, out of reach behind NAT",
    segment: "linux-stack",
    severity: "fault",
    direction: null,
    dependsOn: [],
  },
  "autoproxy-stale": {
    title: "The distro still takes a proxy that Windows has left",
    segment: "linux-stack",
    severity: "fault",
    direction: null,
    dependsOn: ["proxy-localhost-not-mirrored"],
  },
  "proxy-required-but-unset": {
    title: "The way out leads through Windows' proxy, which the distro does not take",
    segment: "linux-stack",
    severity: "fault",
    direction: null,
    dependsOn: [],
  },
  "proxy-set-but-dead": {
    title: "Programs are told to take a proxy that gives no answer",
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
