// What a trace says of events that are told together, in English.

import type {
  ConnectionGroup,
  CountGroup,
  Group,
  ProbeGroup,
  QueryGroup,
  ReadThing,
  TracePhrases,
} from "../trace/phrases.ts";

type Groups = Pick<
  TracePhrases,
  "queries" | "connections" | "probes" | "hostProbes" | "requests" | "transfers" | "drops" | "read"
>;

export const ENGLISH_GROUPS: Groups = {
  queries: {
    tried: ({ count, names, servers }) =>
      `${many(count, "DNS query", "DNS queries")} (${shortened(names)}) to ${shortened(servers)}`,
    came: (group) => parts(queryResults(group)),
  },
  connections: {
    tried: ({ count, mss }) =>
      `${many(count, "TCP connection", "TCP connections")}${mss === null ? "" : mss[0] === mss[1] ? ` with an MSS of ${mss[0]}` : ` with an MSS of ${mss[0]} to ${mss[1]}`}`,
    came: (group) => parts(connectionResults(group)),
  },
  probes: {
    tried: ({ count, protocols, sizes: [least, most] }) =>
      `${many(count, "probe", "probes")} over ${protocols.join(", ")} of ${least === most ? least : `${least} to ${most}`} bytes`,
    came: (group) => parts(probeResults(group)),
  },
  hostProbes: counted("probe by Windows", "probes by Windows"),
  requests: counted("request beside it", "requests beside it"),
  transfers: counted("long answer", "long answers"),
  drops: {
    tried: () => "this kernel was watched",
    came: ({ details }) => details.join("; "),
  },
  read: {
    tried: ({ things }) => `it was read: ${things.map((thing) => THINGS[thing]).join(", ")}`,
    came: ({ details }) => details.join("; "),
  },
};

function queryResults({ answered, silent, refused, failed }: QueryGroup) {
  return [
    [answered, "answered"],
    [silent, "without an answer"],
    [refused, "refused"],
    [failed, "failed"],
  ] as const;
}

function connectionResults({ finished, silent, failed, failures }: ConnectionGroup) {
  return [
    [finished, "got what they asked for"],
    [silent, "waited in vain"],
    [failed, `failed (${failures.join("; ")})`],
  ] as const;
}

function probeResults({ answered, silent, errors }: ProbeGroup) {
  return [
    [answered, `answered${errors.length === 0 ? "" : `, among them ${shortened(errors)}`}`],
    [silent, "without an answer"],
  ] as const;
}

function counted(one: string, several: string): Group<CountGroup> {
  return {
    tried: ({ count }) => many(count, one, several),
    came: ({ count, good, details }) => `${good} of ${count} succeeded (${details.join("; ")})`,
  };
}

const THINGS: Readonly<Record<ReadThing, string>> = {
  snapshot: "what Windows says of itself",
  routes: "the routes",
  rules: "the policy rules",
  route: "the kernel's route",
  "resolver-file": "resolv.conf",
  vantage: "what this machine is",
  interfaces: "the interfaces",
  neighbour: "what the kernel knows of the gateway's link-layer address",
  other: "what else this run saw",
  conntrack: "the table of tracked connections",
  listener: "what listens here",
  "proxy-settings": "the proxy settings",
  counters: "the kernel's counters",
};

function many(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}

function parts(results: readonly (readonly [count: number, what: string])[]): string {
  return results.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`])).join(", ");
}

const SHOWN = 4;

function shortened(all: readonly string[]): string {
  const more = all.length - SHOWN;
  return more <= 0 ? all.join(", ") : `${all.slice(0, SHOWN).join(", ")} and ${more} more`;
}
