// What a verdict rests on outside the path itself, as facts that can be compared: links, addresses, routes, name servers, Windows.

import { hostAdapters } from "../host/adapters.ts";
import { readHost } from "../host/host.ts";
import { rowsOf } from "../host/sources.ts";
import type { Path } from "../model/path.ts";
import type { EventBody } from "../schema/event.ts";
import type { WatchedChange } from "../schema/events/watch.ts";

type Subject = WatchedChange["what"];

export interface NetworkFact extends Pick<WatchedChange, "what" | "subject"> {
  readonly value: string;
}

/** The facts of each kind that was read, perhaps none; a kind that was not read is absent. */
export type NetworkState = Partial<Readonly<Record<Subject, readonly NetworkFact[]>>>;

/** What the files of this machine said. */
export function stateOfEvents(events: readonly EventBody[]): NetworkState {
  return Object.assign({}, ...events.map(stateOf));
}

function stateOf(event: EventBody): NetworkState {
  switch (event.kind) {
    case "interfaces": {
      const links = event.interfaces.filter(({ loopback }) => !loopback);
      return { link: links.map(linkFact), address: links.flatMap(addressFacts) };
    }
    case "resolver-config": {
      const value = event.servers.length === 0 ? "no server" : event.servers.join(" ");
      return { resolver: [{ what: "resolver", subject: event.path, value }] };
    }
    case "routes":
      return {
        route: event.routes
          .filter(({ prefix }) => !LOCAL_ALONE.test(prefix))
          .map(({ prefix, gateway, interface: link, metric }) => {
            const via = gateway === null ? "" : `via ${gateway} `;
            return {
              what: "route",
              subject: `${prefix} on ${link}`,
              value: `${via}metric ${metric}`,
            };
          }),
      };
    default:
      return {};
  }
}

/** Link-local and multicast (RFC 4291 s.2.4). */
const LOCAL_ALONE = /^(fe80|ff)/;

type Link = Extract<EventBody, { kind: "interfaces" }>["interfaces"][number];

function linkFact({ name, mtu, up }: Link): NetworkFact {
  return { what: "link", subject: name, value: `${up ? "up" : "down"}, mtu ${mtu}` };
}

function addressFacts({ name, addresses }: Link): readonly NetworkFact[] {
  return addresses.map(({ address, prefixLength }) => {
    const value = `${address}/${prefixLength}`;
    return { what: "address", subject: `${value} on ${name}`, value };
  });
}

/** Lines of `ip route` or `ip rule`: what counts down in them is no change. */
export function stateOfLines(what: "route" | "rule", text: string): NetworkState {
  const lines = text
    .split("\n")
    .map((line) => line.replace(/\s*expires \S+/, "").trim())
    .filter((line) => line !== "" && !NOISE.test(line));
  return { [what]: lines.map((line) => ({ what, subject: subjectOf(what, line), value: line })) };
}

/** Of the kernel's own making, which follows from addresses. */
const NOISE = /^(local|broadcast|multicast|anycast|fe80::|ff00::)|\btable local\b/;

/** A route is the same one with another gateway or MTU; a rule has its number. */
function subjectOf(what: "route" | "rule", line: string): string {
  if (what === "rule") return line.split(":")[0] ?? line;
  const [, prefix = line] = /^(?:(?:unreachable|blackhole|prohibit) )?(\S+)/.exec(line) ?? [];
  const [table = ""] = /\btable \S+/.exec(line) ?? [];
  const [metric = ""] = /\bmetric \d+/.exec(line) ?? [];
  return [prefix, table, metric].filter((part) => part !== "").join(" ");
}

/** Of the last snapshot of Windows. */
export function stateOfHost({ host }: Pick<Path, "host">): NetworkState {
  const snapshot = host?.snapshot ?? null;
  if (snapshot === null) return {};
  const profiles = rowsOf(readHost(snapshot).vpnConnections);
  const adapters = hostAdapters(snapshot).filter(({ up }) => up !== false);
  const connected = profiles.filter((profile) => profile.connected === true);
  return {
    windows: [
      ...adapters.map((adapter): NetworkFact => {
        const mtu = adapter.mtu[4] ?? adapter.mtu[6] ?? adapter.driverMtu;
        const servers = adapter.dnsServers.map((server) => `, DNS ${server}`).join("");
        const value = `${adapter.kind}, mtu ${mtu ?? "unknown"}${servers}`;
        return { what: "windows", subject: adapter.name, value };
      }),
      ...connected.map(
        ({ name }): NetworkFact => ({
          what: "windows",
          subject: `VPN ${name}`,
          value: "connected",
        }),
      ),
    ],
  };
}

export type NetworkChange = Pick<WatchedChange, "what" | "subject" | "before" | "after">;

/** What is otherwise in the next state, of the kinds that both have read. */
export function changesBetween(
  before: NetworkState,
  after: NetworkState,
): readonly NetworkChange[] {
  const old = valuesOf(before, after);
  const now = valuesOf(after, before);
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const one = old.get(key);
    const other = now.get(key);
    const fact = one ?? other;
    if (fact === undefined || one?.value === other?.value) return [];
    const { what, subject } = fact;
    return [{ what, subject, before: one?.value ?? null, after: other?.value ?? null }];
  });
}

/** Facts of one subject are one value, in any order. */
function valuesOf(state: NetworkState, other: NetworkState): ReadonlyMap<string, NetworkFact> {
  const found = new Map<string, NetworkFact>();
  const facts = Object.values(state).flat();
  for (const fact of facts.filter(({ what }) => other[what] !== undefined)) {
    const key = `${fact.what} ${fact.subject}`;
    const values = [...(found.get(key)?.value.split("; ") ?? []), fact.value];
    found.set(key, { ...fact, value: [...new Set(values)].toSorted().join("; ") });
  }
  return found;
}
