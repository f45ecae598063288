// Names: what name servers do.

import { INTERNET_TO_LAN, LAN_ROUTER, SERVER } from "../topology/addresses.ts";
import { LAN_ALIAS } from "../topology/names.ts";
import {
  DISTRO,
  degraded,
  fault,
  filter,
  HEALTHY,
  noted,
  ROUTER_DNS,
  SWITCH_PROXY,
  TARGET,
  wsl2,
} from "./building-blocks.ts";
import type { Resolver, Scenario } from "./scenario.ts";

/** Some 16 bytes each: more than a UDP answer holds, whatever EDNS offers (1232 bytes). */
const TOO_MANY = 100;
/** More than 512 bytes, and less than that. */
const MANY = 45;

const BY_HAND = { ...DISTRO, generatedByWsl: false };
const at53 = (protocol: "tcp" | "udp") => `${protocol} dport 53 drop`;

/** A public name server on the server's machine, which resolv.conf names by hand. */
const PUBLIC_DNS: Resolver = { at: "server", addresses: [SERVER.v4], behaviour: "answer" };
const public_ = (quirks: Resolver["quirks"] = {}) => ({
  resolvers: [SWITCH_PROXY, ROUTER_DNS, { ...PUBLIC_DNS, quirks }],
  resolvConf: [SERVER.v4],
  windowsNames: { adapterServers: { [LAN_ALIAS]: [SERVER.v4] }, nrpt: [] },
  distro: BY_HAND,
});

export const NAME_SCENARIOS: readonly Scenario[] = [
  wsl2({
    name: "dns-refused",
    title: "The name server refuses to serve this machine",
    sees: "no name resolves, at once",
    resolvers: [
      { ...SWITCH_PROXY, behaviour: "refuse" },
      { ...ROUTER_DNS, behaviour: "refuse" },
    ],
    negativeFor: [
      "dns-server-unreachable",
      "systemd-resolved-stub-without-upstream",
      "nrpt-only-vpn-dns",
    ],
    expected: fault("dns-server-refuses", "resolver"),
  }),
  wsl2({
    name: "dns-no-such-name",
    title: "The name does not exist",
    sees: "one name does not resolve",
    target: "nowhere.example.test",
    negativeFor: [
      "dns-server-refuses",
      "dns-suffix-missing",
      "resolvconf-vpn-not-recognised",
      "dns-negative-answer-lost",
      "dns-name-blocked",
    ],
    expected: fault("dns-name-does-not-exist", "resolver"),
  }),
  wsl2({
    name: "dns-second-server-works",
    title: "The first of two name servers is silent, the second answers",
    sees: "each name takes two seconds more",
    ...public_(),
    resolvers: [SWITCH_PROXY, { ...ROUTER_DNS, behaviour: "silent" }, PUBLIC_DNS],
    resolvConf: [LAN_ROUTER.v4, SERVER.v4],
    negativeFor: ["resolvconf-manual-stale", "dns-proxy-stalls", "dns-v6-query-delay"],
    expected: degraded("dns-server-unreachable", "resolver"),
  }),
  wsl2({
    name: "dns-slow",
    title: "Every name server answers after four seconds, within the C library's time-out",
    sees: "every page starts late",
    distro: { ...DISTRO, options: "timeout:5 attempts:2" },
    resolvers: [
      { ...SWITCH_PROXY, quirks: { delayMs: 4000 } },
      { ...ROUTER_DNS, quirks: { delayMs: 4000 } },
    ],
    negativeFor: ["dns-server-unreachable", "dns-proxy-stalls", "dns-v6-query-delay"],
    expected: degraded("dns-server-slow", "resolver"),
  }),
  wsl2({
    name: "dns-slower-than-resolver",
    title: "Every name server answers after four seconds, and resolv.conf gives them two",
    sees: "no name resolves",
    resolvers: [
      { ...SWITCH_PROXY, quirks: { delayMs: 4000 } },
      { ...ROUTER_DNS, quirks: { delayMs: 4000 } },
    ],
    negativeFor: ["dns-server-slow"],
    expected: fault("dns-server-unreachable", "resolver"),
  }),
  wsl2({
    name: "dns-slow-second-round",
    title: "A name server answers after six seconds: in the C library's second round",
    sees: "every page starts late",
    ...public_({ delayMs: 6000 }),
    distro: { ...BY_HAND, options: "timeout:5 attempts:2" },
    negativeFor: ["dns-server-unreachable"],
    expected: degraded("dns-server-slow", "resolver"),
  }),
  wsl2({
    name: "dns-slow-second",
    title: "The second of two name servers is slow: nobody waits for it",
    sees: "everything works",
    ...public_(),
    resolvers: [SWITCH_PROXY, ROUTER_DNS, { ...PUBLIC_DNS, quirks: { delayMs: 4000 } }],
    resolvConf: [LAN_ROUTER.v4, SERVER.v4],
    negativeFor: ["dns-server-slow", "dns-server-unreachable"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "dns-fails",
    title: "The name server cannot get an answer itself",
    sees: "no name resolves, at once",
    resolvers: [
      { ...SWITCH_PROXY, quirks: { fails: true } },
      { ...ROUTER_DNS, quirks: { fails: true } },
    ],
    negativeFor: ["dns-server-refuses", "dns-server-unreachable", "dns-name-does-not-exist"],
    expected: fault("dns-server-fails", "resolver"),
  }),
  wsl2({
    name: "dns-fails-and-next-works",
    title: "The first of two name servers fails, and the second answers at once",
    sees: "everything works",
    ...public_(),
    resolvers: [SWITCH_PROXY, { ...ROUTER_DNS, quirks: { fails: true } }, PUBLIC_DNS],
    resolvConf: [LAN_ROUTER.v4, SERVER.v4],
    negativeFor: ["dns-server-fails"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "dns-blocked",
    title: "A filter of names answers with 0.0.0.0",
    sees: "one site is refused, others work",
    resolvers: [{ ...SWITCH_PROXY, zone: { [TARGET]: ["0.0.0.0", "::"] } }, ROUTER_DNS],
    negativeFor: ["port-refused", "dns-name-does-not-exist", "dns-answer-forged"],
    expected: fault("dns-name-blocked", "resolver"),
  }),
  wsl2({
    name: "dns-negative-lost",
    title: "The name server is silent for names that do not exist",
    sees: "a mistyped name hangs",
    target: "nowhere.example.test",
    resolvers: [{ ...SWITCH_PROXY, quirks: { negative: "lost" } }, ROUTER_DNS],
    negativeFor: ["dns-server-unreachable", "dns-suffix-missing"],
    expected: fault("dns-negative-answer-lost", "resolver"),
  }),
  wsl2({
    name: "dns-oversize",
    title: "The name server sends more over UDP than the query allows: a note",
    sees: "everything works, but for containers of Alpine",
    ...public_({ moreRecords: MANY, oversize: true }),
    negativeFor: ["dns-tcp-blocked", "dns-large-answer-lost"],
    expected: noted("dns-answer-oversize"),
  }),
  wsl2({
    name: "dns-tcp-blocked",
    title: "A name with many addresses, and TCP to the name server is dropped",
    sees: "most names resolve, some do not",
    ...public_({ moreRecords: TOO_MANY }),
    faults: [filter("internet", "forward", at53("tcp"))],
    negativeFor: ["dns-large-answer-lost", "dns-server-unreachable", "dns-proxy-udp-only"],
    expected: fault("dns-tcp-blocked", "resolver"),
  }),
  wsl2({
    name: "dns-large-answer-lost",
    title: "Answers of more than 512 bytes are lost over UDP",
    sees: "some names resolve after seconds or never",
    ...public_({ moreRecords: MANY }),
    command: "dns",
    faults: [filter("internet", "forward", "udp sport 53 udp length > 520 drop")],
    negativeFor: ["dns-tcp-blocked", "dns-server-unreachable", "dns-tunneling-strict-edns"],
    expected: degraded("dns-large-answer-lost", "resolver", "inbound"),
  }),
  wsl2({
    name: "dns-long-answer",
    title: "An answer that is cut over UDP and comes over TCP: no fault",
    sees: "everything works",
    ...public_({ moreRecords: TOO_MANY }),
    negativeFor: [
      "dns-tcp-blocked",
      "dns-large-answer-lost",
      "dns-answer-forged",
      "dns-answer-oversize",
    ],
    expected: HEALTHY,
  }),
  wsl2({
    name: "dns-forged",
    title: "The provider answers every query over UDP itself, and denies the name",
    sees: "a name does not exist, and elsewhere it does",
    ...public_(),
    resolvers: [
      ...public_().resolvers,
      { at: "internet", addresses: [INTERNET_TO_LAN.v4], behaviour: "answer", zone: {} },
    ],
    faults: [
      filter(...(["internet", "redirect"] as const), `iifname "home0" udp dport 53 redirect`),
    ],
    negativeFor: ["dns-name-does-not-exist"],
    expected: fault("dns-answer-forged", "resolver", "inbound"),
  }),
  wsl2({
    name: "resolvconf-empty",
    title: "resolv.conf names no server",
    sees: "Temporary failure in name resolution, at once",
    resolvConf: [],
    negativeFor: ["dns-server-unreachable", "resolvconf-manual-stale"],
    expected: fault("resolvconf-missing-or-dangling", "resolver"),
  }),
  wsl2({
    name: "dns-v6-query-delay",
    title: "The name server never answers for IPv6 addresses",
    sees: "each look-up takes five seconds",
    resolvers: [{ ...SWITCH_PROXY, quirks: { silent: ["AAAA"] } }, ROUTER_DNS],
    negativeFor: ["dns-server-unreachable", "dns-proxy-stalls", "ipv6-preferred-but-dead"],
    expected: degraded("dns-v6-query-delay", "resolver"),
  }),
  wsl2({
    name: "hosts-file-dead",
    title: "A line of /etc/hosts leads to an address where nobody listens",
    sees: "one site is refused in the distro, and works in Windows",
    distro: { ...DISTRO, hosts: `${LAN_ROUTER.v4} ${TARGET}` },
    negativeFor: ["port-refused", "dns-answer-forged"],
    expected: fault("hosts-file-override", "resolver"),
  }),
  wsl2({
    name: "hosts-file-right",
    title: "A line of /etc/hosts with the address that the name servers give: no fault",
    sees: "everything works",
    distro: { ...DISTRO, hosts: `${SERVER.v4} ${TARGET}` },
    negativeFor: ["hosts-file-override"],
    expected: HEALTHY,
  }),
];
