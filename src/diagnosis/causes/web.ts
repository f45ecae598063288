// Causes above TCP: TLS, proxies, QUIC, time.

import type { CauseRow } from "./row.ts";

export const WEB_CAUSES = {
  "tls-middlebox-reset": {
    title: "A middlebox cuts the connection when it sees the ClientHello",
    segment: null,
    severity: "fault",
    direction: null,
    dependsOn: [
      "captive-portal",
      "vpn-mtu-inbound-blackhole",
      "vpn-mtu-outbound-blackhole",
      "pmtu-inbound-blackhole",
      "pmtu-outbound-blackhole",
      "linux-firewall-in-distro",
      "rp-filter-drop",
    ],
  },
  "tls-inspection-untrusted-ca": {
    title: "TLS is re-signed on the path by an authority that the distro does not trust",
    segment: null,
    severity: "fault",
    direction: null,
    dependsOn: ["captive-portal"],
  },
  "clock-skew": {
    title: "The distro's clock is wrong, and certificates are rejected for their dates",
    segment: "linux-stack",
    severity: "fault",
    direction: null,
    dependsOn: [],
  },
  "captive-portal": {
    title: "A captive portal answers for every address until the user logs in",
    segment: null,
    severity: "fault",
    direction: null,
    dependsOn: [],
  },
  "quic-blocked": {
    title: "The server offers HTTP/3, and QUIC to it does not get through",
    segment: null,
    severity: "note",
    direction: null,
    dependsOn: [],
  },
} as const satisfies Readonly<Record<string, CauseRow>>;
