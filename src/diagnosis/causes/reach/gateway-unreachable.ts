// The default gateway answers nothing, not even ARP or neighbour discovery.

import type { Facts } from "../../../facts/facts.ts";
import { ownDrops } from "../../../facts/kernel/own-packets.ts";
import { type DeadNextHops, deadNextHops, type NextHop } from "../../../facts/reach/multipath.ts";
import { hasNeighbours } from "../../../facts/reach/next-hop.ts";
import { firstReply, ownAddressesOf } from "../../../facts/reach/reach.ts";
import { isShownToBeWsl } from "../../../facts/vantage.ts";
import { cause } from "../../cause.ts";
import { commandAddress, commandInterface, commandPrefix } from "../../command-values.ts";
import { fix } from "../../fixes.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say, sayNeed } from "../../words.ts";
import { WRONG_ROUTE } from "../groups.ts";

export const gatewayUnreachable = cause({
  id: "gateway-unreachable",
  area: "reach",
  title: "The default gateway does not answer, not even to ARP or neighbour discovery",
  // vswitch behind WSL's NAT, lan-gateway elsewhere: the rule knows the topology.
  segment: null,
  severity: "fault",
  direction: "both",
  dependsOn: ["no-default-route", ...WRONG_ROUTE],
  ofNameServers: true,
  differentialCauses: ["no-default-route", "port-filtered", "dns-server-unreachable"],
  needs: [],
  judge: (facts) => {
    const { path, lookups, attempt, reach } = facts;
    const nextHops = deadNextHops(path);
    if (nextHops !== null) return byNextHops(facts, nextHops);
    const lookup = lookups.find(({ address }) => address === reach.address);
    if (lookup?.outcome.kind !== "route") return notChecked(sayNeed("noRouteToFollow"));
    const { interface: device } = lookup.outcome;
    // WSL's own resolver is its gateway.
    const gateway = lookup.outcome.gateway ?? gatewayAt(path, reach.address);
    const witness = witnessOf(facts, gateway);
    if (witness !== undefined) return rejected(say("beyondAnswers"), [witness]);
    const own = reach.refusals.find((refusal) => refusal.own && refusal.says === "host");
    const refused = attempt?.stages.find(
      ({ result }) => result.kind === "failed" && result.code === "EHOSTUNREACH",
    );
    const failed = ownDrops(path).filter(({ reason }) => reason === "NEIGH_FAILED");
    const reported = [own?.id, refused?.id].filter((id) => id !== undefined);
    const evidence = [...reported, ...failed.map(({ id }) => id)];
    if (evidence.length === 0) return notChecked(say("noNeighbourFailure"));
    if (gateway === null) return notChecked(say("onLink"));
    if (!hasNeighbours(facts.path, facts.lookup))
      return notChecked(say("noNeighbours", { device }));
    return fires({
      confidence: "exact",
      segment: segmentOf(facts),
      between: null,
      direction: "both",
      summary: say("found", { gateway, others: otherGateways(facts, gateway) }),
      evidence,
      fixes: isShownToBeWsl(path) ? [RESTART] : [],
    });
  },
});

function segmentOf({ relation, path }: Facts) {
  const behindSwitch = relation?.kind === "nat" || path.vantage?.vantage === "wsl2";
  return behindSwitch ? "vswitch" : "lan-gateway";
}

/** Some of several next hops: which connections take them is the kernel's choice. */
function byNextHops(facts: Facts, { prefix, family, dead, others, evidence, felt }: DeadNextHops) {
  const failed = facts.reach.connect !== "passed";
  const partly = felt.length === 0 ? "note" : "warning";
  return fires({
    confidence: "exact",
    severity: failed ? "fault" : partly,
    segment: segmentOf(facts),
    between: null,
    direction: "both",
    summary: say("nextHops", { prefix, dead: dead.map(hopText), others: others.map(hopText) }),
    evidence: [...evidence, ...felt.slice(0, FELT_SHOWN)],
    fixes: othersOnly(prefix, family, others),
  });
}

const FELT_SHOWN = 3;

function hopText({ gateway, interface: device }: NextHop): string {
  return gateway === null ? device : `${gateway} on ${device}`;
}

/** Takes the dead ones out of the route; none where one is not as it must be in a command, or nobody is left. */
function othersOnly(prefix: string, family: 4 | 6, others: readonly NextHop[]) {
  const words = others.flatMap(({ gateway, interface: name, weight }) => {
    const device = commandInterface(name);
    const address = gateway === null ? null : commandAddress(gateway);
    if (device === null || (gateway !== null && address === null)) return [];
    const via = address === null ? `dev ${device}` : `via ${address} dev ${device}`;
    return others.length === 1 ? via : `nexthop ${via} weight ${weight}`;
  });
  const destination = prefix.endsWith("/0") ? "default" : commandPrefix(prefix);
  if (words.length === 0 || words.length < others.length || destination === null) return [];
  const command = `sudo ip ${family === 6 ? "-6 " : ""}route replace ${destination} ${words.join(" ")}`;
  return [fix({ where: "linux", title: say("takeOut"), commands: [command], persistent: false })];
}

/** The address itself, where a default route leads to it. */
function gatewayAt({ routes }: Facts["path"], address: string | null): string | null {
  const isGateway = (routes?.routes ?? []).some(
    (route) => route.prefix.endsWith("/0") && route.gateway === address,
  );
  return isGateway ? address : null;
}

/** Any host that replied through the gateway, and the gateway itself where it answers DNS. */
function witnessOf(
  { path, lookups, attempt, dns: names }: Facts,
  gateway: string | null,
): string | undefined {
  const own = ownAddressesOf({ interfaces: path.interfaces, lookups });
  const replied = firstReply(path, own);
  const connected = attempt?.stages.find(({ result }) => result.kind === "ok");
  const resolver = names.configured.find(
    ({ server, status }) =>
      server === gateway && (status === "answers" || status === "no-such-name"),
  );
  return replied?.id ?? connected?.id ?? resolver?.evidence[0];
}

/** Other default routes of the same family. */
function otherGateways({ path: { routes }, lookups }: Facts, gateway: string): readonly string[] {
  const family = lookups[0]?.family;
  const others = (routes?.routes ?? []).filter(
    (route) =>
      route.family === family &&
      route.prefix.endsWith("/0") &&
      (route.gateway ?? gateway) !== gateway,
  );
  return [...new Set(others.map((route) => `${route.gateway} on ${route.interface}`))];
}

const RESTART = {
  where: "windows",
  title: say("restart"),
  commands: ["wsl --shutdown"],
  persistent: false,
} as const;
