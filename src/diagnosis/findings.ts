// The causes this version can name: what each is called, where it sits, and what would make it a mere consequence.

import type { Direction, SegmentKind, Severity } from "../model/verdict.ts";

/** Facts about a cause that hold for every run; what was measured is in the finding itself. */
export interface FindingRow {
  /** One line, as `wsl-trace explain` lists it. */
  readonly title: string;
  /** Null where only a run can tell, or where the evidence brackets it at best. */
  readonly segment: SegmentKind | null;
  /** When nothing else is known; a rule may raise a warning that stops the default attempt. */
  readonly severity: Severity;
  readonly direction: Direction | null;
  /** Causes whose presence makes this one a consequence, which is then not listed as a fault. */
  readonly dependsOn: readonly CauseId[];
}

// Nothing below connect depends on a name server: without an address those rules have nothing to
// judge and say "not checked", and with one the names are no excuse.
const TABLE = {
  "vpn-mtu-inbound-blackhole": {
    title: "Responses too big for the VPN tunnel vanish on their way in",
    segment: "vpn-adapter",
    severity: "fault",
    direction: "inbound",
    dependsOn: [],
  },
  "vpn-mtu-outbound-blackhole": {
    title: "Packets too big for the VPN tunnel vanish on their way out",
    segment: "vpn-adapter",
    severity: "warning",
    direction: "outbound",
    dependsOn: [],
  },
  "pmtu-inbound-blackhole": {
    title: "Responses above some size vanish, and no VPN is known to blame",
    segment: null,
    severity: "fault",
    direction: "inbound",
    dependsOn: ["vpn-mtu-inbound-blackhole"],
  },
  "pmtu-outbound-blackhole": {
    title: "Packets above some size vanish on the way out, and no VPN is known to blame",
    segment: null,
    severity: "warning",
    direction: "outbound",
    dependsOn: ["vpn-mtu-outbound-blackhole"],
  },
  "nrpt-only-vpn-dns": {
    title: "The VPN's name servers are only in Windows' NRPT, unread by the distro",
    segment: "resolver",
    severity: "fault",
    direction: null,
    // A server that knows the name, and whose word is lost or replaced, is the right server.
    dependsOn: ["dns-tcp-blocked", "dns-large-answer-lost"],
  },
  "pmtu-cached": {
    title: "The kernel already holds a learnt path MTU, which can hide a black hole",
    segment: "linux-stack",
    severity: "note",
    direction: "outbound",
    dependsOn: [],
  },
  "mss-clamped": {
    title: "Large packets vanish on the way out, and TCP's MSS stays below that size",
    segment: null,
    severity: "note",
    direction: "outbound",
    dependsOn: [],
  },
  "dns-server-unreachable": {
    title: "A configured name server does not answer at all",
    segment: "resolver",
    severity: "fault",
    direction: null,
    dependsOn: [
      "nrpt-only-vpn-dns",
      "resolvconf-missing-or-dangling",
      "no-default-route",
      "gateway-unreachable",
    ],
  },
  "dns-server-refuses": {
    title: "A configured name server answers, and refuses to serve this machine",
    segment: "resolver",
    severity: "fault",
    direction: null,
    dependsOn: ["nrpt-only-vpn-dns", "resolvconf-missing-or-dangling"],
  },
  "dns-name-does-not-exist": {
    title: "The name server says that the name does not exist",
    segment: "resolver",
    severity: "fault",
    direction: null,
    dependsOn: ["nrpt-only-vpn-dns"],
  },
  "dns-tcp-blocked": {
    title: "A name server's answer needs TCP, and TCP to it does not get through",
    segment: "resolver",
    severity: "fault",
    direction: null,
    dependsOn: [],
  },
  "dns-large-answer-lost": {
    title: "A name server's larger answers are lost over UDP, while small ones come",
    segment: "resolver",
    severity: "fault",
    direction: "inbound",
    dependsOn: [],
  },
  "dns-answer-forged": {
    title: "Somebody else answers in the name server's place",
    segment: "resolver",
    severity: "fault",
    direction: "inbound",
    dependsOn: [],
  },
  "resolvconf-missing-or-dangling": {
    title: "/etc/resolv.conf is absent, a link to nothing, or names no server",
    segment: "resolver",
    severity: "fault",
    direction: null,
    dependsOn: [],
  },
  "no-default-route": {
    title: "The guest has no route to anything beyond its own link",
    segment: "linux-stack",
    severity: "fault",
    direction: "outbound",
    dependsOn: [],
  },
  "gateway-unreachable": {
    title: "The default gateway does not answer, not even to ARP or neighbour discovery",
    // vswitch behind WSL's NAT, lan-gateway elsewhere: the rule knows the topology.
    segment: null,
    severity: "fault",
    direction: "both",
    dependsOn: ["no-default-route"],
  },
  "port-refused": {
    title: "The target answers, and says that nothing listens on the port",
    segment: "destination",
    severity: "fault",
    direction: null,
    dependsOn: [],
  },
  "port-filtered": {
    title: "The port is silent while the host or its other ports answer",
    segment: null,
    severity: "fault",
    direction: null,
    dependsOn: ["no-default-route", "gateway-unreachable"],
  },
  "path-loss": {
    title: "Packets are lost on the way whatever their size",
    segment: null,
    severity: "warning",
    direction: null,
    dependsOn: ["no-default-route", "gateway-unreachable"],
  },
  "tls-middlebox-reset": {
    title: "Something cuts the connection when it sees the ClientHello",
    segment: null,
    severity: "fault",
    direction: null,
    dependsOn: [
      "vpn-mtu-inbound-blackhole",
      "vpn-mtu-outbound-blackhole",
      "pmtu-inbound-blackhole",
      "pmtu-outbound-blackhole",
    ],
  },
  "tls-inspection-untrusted-ca": {
    title: "TLS is signed anew on the way by an authority the distro does not trust",
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
} as const satisfies Readonly<Record<string, FindingShape>>;

// A row before its dependencies are known to be ids of this very table, which FINDINGS then checks.
type FindingShape = Omit<FindingRow, "dependsOn"> & { readonly dependsOn: readonly string[] };

export type CauseId = keyof typeof TABLE;

export const FINDINGS: Readonly<Record<CauseId, FindingRow>> = TABLE;

/** Whether the text is the id of a cause in the table. */
export function isCauseId(text: string): text is CauseId {
  return Object.hasOwn(FINDINGS, text);
}
