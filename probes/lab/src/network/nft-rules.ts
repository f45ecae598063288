// The nftables rules of one namespace: its NAT, its faults, its silent name server.

import type { Drop, Fault, Hook } from "../scenarios/fault.ts";
import type { Resolver, Scenario } from "../scenarios/scenario.ts";
import type { Masquerade, Role } from "../topology/topology.ts";

/** What `nft -f -` reads for that role; empty when it needs no rule. */
export function nftRules(scenario: Scenario, role: Role): string {
  const faults = scenario.faults.filter((fault) => fault.at === role);
  const chains = [
    chain("translate", "nat", "postrouting", srcnat(scenario, role)),
    chain("redirecting", "nat", "prerouting", free(faults, "redirect")),
    chain("hearing", "filter", "prerouting", [
      ...faults.flatMap(hearingRules),
      ...free(faults, "prerouting"),
    ]),
    chain("passing", "filter", "forward", [
      ...faults.flatMap(passingRules),
      ...free(faults, "forward"),
    ]),
    chain("leaving", "filter", "output", [
      ...faults.flatMap(leavingRules),
      ...free(faults, "output"),
    ]),
    chain("arriving", "filter", "input", [
      ...silentServers(scenario.resolvers, role),
      ...free(faults, "input"),
    ]),
  ].filter((text) => text !== "");
  return chains.length === 0 ? "" : `table inet lab {\n${chains.join("")}}\n`;
}

/** Not named after a hook's short form such as fwd, which is a keyword: such a chain never loads. */
function chain(
  name: "translate" | "redirecting" | "hearing" | "passing" | "leaving" | "arriving",
  type: "nat" | "filter",
  hook: string,
  rules: readonly string[],
): string {
  if (rules.length === 0) return "";
  const nat = hook === "prerouting" ? "dstnat" : "srcnat";
  const priority = type === "nat" ? nat : "filter";
  const head = `type ${type} hook ${hook} priority ${priority}; policy accept;`;
  return `  chain ${name} {\n    ${[head, ...rules].join("\n    ")}\n  }\n`;
}

function srcnat({ topology }: Scenario, role: Role): readonly string[] {
  return topology.masquerades.filter((nat) => nat.role === role).flatMap(masqueradeRules);
}

function masqueradeRules({ interface: name, families, from }: Masquerade): readonly string[] {
  return from
    .filter((prefix) => families.includes(prefix.includes(":") ? 6 : 4))
    .map((prefix) => {
      const family = prefix.includes(":") ? "ip6" : "ip";
      return `oifname "${name}" ${family} saddr ${prefix} masquerade`;
    });
}

/** The rules that a scenario writes itself. */
function free(faults: readonly Fault[], hook: Hook): readonly string[] {
  return faults.flatMap((fault) =>
    fault.kind === "filter" && fault.hook === hook ? fault.rules : [],
  );
}

/** RFC 1191 s.4: destination unreachable, fragmentation needed. */
const NO_FRAGMENTATION_NEEDED = "icmp type destination-unreachable icmp code 4 counter drop";
/** RFC 4443 s.3.2. */
const NO_PACKET_TOO_BIG = "icmpv6 type packet-too-big counter drop";

function hearingRules(fault: Fault): readonly string[] {
  return fault.kind === "receive-blocked" ? [`iifname "${fault.on}" counter drop`] : [];
}

function leavingRules(fault: Fault): readonly string[] {
  return fault.kind === "silent-packet-too-big" ? [NO_FRAGMENTATION_NEEDED, NO_PACKET_TOO_BIG] : [];
}

// Headers without options (RFC 791, RFC 8200, RFC 9293).
const IPV4_AND_TCP_BYTES = 40;
const IPV6_AND_TCP_BYTES = 60;
/** A TCP header's options (RFC 9293 s.3.1). */
const MAX_OPTION_BYTES = 40;

function passingRules(fault: Fault): readonly string[] {
  switch (fault.kind) {
    case "silent-packet-too-big":
    case "kernel-setting":
    case "receive-blocked":
    case "link-down":
    case "filter":
    case "ip":
    case "slow":
      return [];
    case "drop":
      return dropRules(fault);
    case "eat-payload": {
      const from = `tcp sport ${fault.fromPort}`;
      // Whatever is longer than all headers carries data; what is shorter does when it is pushed.
      return [
        `${from} tcp flags & psh == psh counter drop`,
        `meta nfproto ipv4 ${from} meta length > ${IPV4_AND_TCP_BYTES + MAX_OPTION_BYTES} counter drop`,
        `meta nfproto ipv6 ${from} meta length > ${IPV6_AND_TCP_BYTES + MAX_OPTION_BYTES} counter drop`,
      ];
    }
    case "clamp-mss": {
      const set = "tcp flags & syn == syn tcp option maxseg size set";
      return [
        `meta nfproto ipv4 ${set} ${fault.mtu - IPV4_AND_TCP_BYTES}`,
        `meta nfproto ipv6 ${set} ${fault.mtu - IPV6_AND_TCP_BYTES}`,
      ];
    }
  }
}

const PROTOCOLS = { tcp: "tcp", udp: "udp", icmp: "{ icmp, icmpv6 }" } as const;

function dropRules({ arrivingOn, largerThanBytes, protocol }: Drop): readonly string[] {
  const which = protocol === null ? "" : ` meta l4proto ${PROTOCOLS[protocol]}`;
  const size = largerThanBytes === null ? "" : ` meta length > ${largerThanBytes}`;
  return [`iifname "${arrivingOn}"${which}${size} counter drop`];
}

function silentServers(resolvers: readonly Resolver[], role: Role): readonly string[] {
  return resolvers
    .filter((resolver) => resolver.at === role && resolver.behaviour === "silent")
    .flatMap(({ addresses }) => addresses)
    .flatMap((address) => {
      const family = address.includes(":") ? "ip6" : "ip";
      return ["udp", "tcp"].map(
        (protocol) => `${family} daddr ${address} ${protocol} dport 53 counter drop`,
      );
    });
}
