// Names: name servers, or what stands in front of them, that fail queries with an EDNS record.

import {
  DISTRO,
  fault,
  filter,
  HEALTHY,
  noted,
  ROUTER_DNS,
  SWITCH_PROXY,
  wsl2,
} from "./building-blocks.ts";
import { BY_HAND, public_ } from "./public-dns.ts";
import type { Scenario } from "./scenario.ts";

/** RFC 1035 s.4.1.1: ARCOUNT, ten bytes into the message, behind UDP's eight. */
const DROPS_EDNS = filter("internet", "forward", "udp dport 53 @th,144,16 != 0 drop");

export const EDNS_SCENARIOS: readonly Scenario[] = [
  wsl2({
    name: "dns-edns-dropped",
    title: "A filter of the provider drops queries with an EDNS record: a note",
    sees: "everything works, but for dig and systemd-resolved",
    ...public_(),
    faults: [DROPS_EDNS],
    negativeFor: ["dns-server-unreachable", "dns-large-answer-lost"],
    expected: noted("dns-edns-dropped"),
  }),
  wsl2({
    name: "dns-edns-fails",
    title: "The name server fails queries with an EDNS record: a note",
    sees: "everything works, but for dig and systemd-resolved",
    resolvers: [{ ...SWITCH_PROXY, quirks: { edns: "fails" } }, ROUTER_DNS],
    negativeFor: ["dns-server-fails", "dns-tunneling-strict-edns"],
    expected: noted("dns-edns-dropped"),
  }),
  wsl2({
    name: "dns-edns0-dropped",
    title: "resolv.conf has options edns0, and a filter of the provider drops such queries",
    sees: "no name resolves in the distro",
    ...public_(),
    distro: { ...BY_HAND, options: "timeout:2 attempts:1 edns0" },
    faults: [DROPS_EDNS],
    negativeFor: ["dns-server-unreachable", "dns-large-answer-lost", "resolvconf-manual-stale"],
    expected: fault("dns-edns-dropped", "resolver"),
  }),
  wsl2({
    name: "dns-edns0-answered",
    title: "resolv.conf has options edns0, and the name server takes such queries: no fault",
    sees: "everything works",
    distro: { ...DISTRO, options: "timeout:2 attempts:1 edns0" },
    negativeFor: ["dns-edns-dropped"],
    expected: HEALTHY,
  }),
];
