// WSL's random network is also used elsewhere: the guest takes the target for a neighbour, or replies are misrouted.

import { tracedRoute } from "../../../facts/connection/subject.ts";
import type { Facts } from "../../../facts/facts.ts";
import { formatRoutes, hostRoutesTo } from "../../../facts/reach/host-routes.ts";
import { guestView } from "../../../facts/reach/path-host.ts";
import { addressOf, inPrefix } from "../../../host/address.ts";
import { hostReached } from "../../../host/look-ups.ts";
import { type SwitchNetwork, switchNetworks } from "../../../host/reply-route-overlap.ts";
import { cause } from "../../cause.ts";
import { commandAddress, commandInterface } from "../../command-values.ts";
import { fix } from "../../fixes.ts";
import type { Nat } from "../../needs/host.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const natSubnetOverlap = cause({
  id: "nat-subnet-overlap",
  area: "route",
  title: "WSL's network overlaps one that is used elsewhere",
  // The distro for a target on-link, Windows for replies.
  segment: null,
  severity: "fault",
  direction: null,
  dependsOn: ["no-default-route"],
  differentialCauses: ["destination-down", "gateway-unreachable", "vpn-metric-steals-wsl-subnet"],
  needs: [],
  judge: (facts) => byTarget(facts) ?? byReplies(facts),
});

/** The target has an address of the guest's own network. */
function byTarget(facts: Facts) {
  const { path, relation, reach } = facts;
  const route = tracedRoute(facts.path);
  if (relation?.kind !== "nat" || route === null || route.gateway !== null) return undefined;
  const networks = networksOf(facts, relation);
  if (networks.some(({ host }) => host === reach.address)) return undefined;
  const link = path.interfaces?.interfaces.find(({ addresses }) =>
    addresses.some(({ address }) => networks.some(({ guest }) => guest === address)),
  );
  if (route.interface !== link?.name) return undefined;
  const failure = meet(facts, "failure");
  if (failure.kind !== "met") return failure;
  if (reach.alive !== null) {
    return rejected(say("neighbourAnswers", { address: reach.address }), [reach.alive.id]);
  }
  const masks = wideMask(facts, networks);
  const meant = hostRoutesTo(facts.path, relation.adapter);
  const reached = reachedFromHost(facts);
  if (meant.length === 0 && !reached) {
    return notChecked(say("noOtherHost"));
  }
  return fires({
    confidence: reached ? "measured" : "inferred",
    segment: "linux-stack",
    between: null,
    direction: "outbound",
    summary: say("targetInside", {
      address: reach.address,
      device: route.interface,
      hostRoutes: reached ? null : formatRoutes(meant),
      masks: masks === null ? null : { guest: masks.guest, host: masks.host },
    }),
    evidence: [route.id, ...failure.value, ...(path.host === null ? [] : [path.host.id])],
    fixes: masks === null ? MOVE : [...narrow(masks, route.interface), ...MOVE],
  });
}

interface Masks {
  readonly address: string;
  readonly guest: number;
  readonly host: number;
}

/** The guest takes more for its network than the switch has, and the target is in what is too much; else null. */
function wideMask({ path, reach }: Facts, networks: readonly SwitchNetwork[]): Masks | null {
  const target = addressOf(reach.address ?? "");
  const own = guestView(path).addresses;
  for (const { prefix, guest: address } of networks) {
    const guest = own.find((one) => one.address === address)?.prefixLength;
    if (guest === undefined || target === null || guest >= prefix.length) continue;
    if (!inPrefix(target, prefix)) return { address, guest, host: prefix.length };
  }
  return null;
}

/** The same address with the switch's mask: the routes of the wider one go with it, the default route stays. */
function narrow({ address: own, guest, host }: Masks, name: string) {
  const device = commandInterface(name);
  const address = commandAddress(own);
  if (device === null || address === null) return [];
  return [
    fix({
      where: "linux",
      title: say("sameMask", { host }),
      commands: [
        `sudo ip addr add ${address}/${host} dev ${device}`,
        `sudo ip addr del ${address}/${guest} dev ${device}`,
      ],
      persistent: false,
    }),
  ];
}

function networksOf({ path }: Facts, relation: Nat) {
  const snapshot = path.host?.snapshot ?? null;
  return snapshot === null ? [] : switchNetworks(snapshot, relation, guestView(path));
}

function reachedFromHost({ path, reach, attempt }: Facts): boolean {
  const snapshot = path.host?.snapshot ?? null;
  if (snapshot === null || reach.address === null || attempt === undefined) return false;
  if (addressOf(reach.address) === null) return false;
  const reached = hostReached(snapshot, reach.address, attempt.port);
  return reached.known && reached.ok;
}

/** A network card of the host, and no VPN, has the better route to the guest's address. */
function byReplies(facts: Facts) {
  const misrouted = meet(facts, "misroutedReplies");
  if (misrouted.kind !== "met") return misrouted;
  const { competitor, route, switchPrefix, evidence } = misrouted.value;
  if (competitor.kind === "vpn") return rejected(say("isVpn"), evidence);
  return fires({
    confidence: "inferred",
    segment: "windows-stack",
    between: null,
    direction: "inbound",
    summary: say("repliesAstray", {
      switchPrefix,
      competitor: competitor.name,
      because: route.because,
    }),
    evidence,
    fixes: MOVE,
  });
}

const LXSS = "HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Lxss";

/** Private and rarely used; any other network that is unused here will do. */
const MOVE = [
  {
    where: "windows-admin",
    title: say("move"),
    commands: [
      `Set-ItemProperty -Path ${LXSS} -Name NatNetwork -Value 10.213.0.0/16`,
      `Set-ItemProperty -Path ${LXSS} -Name NatGatewayIpAddress -Value 10.213.0.1`,
      "wsl --shutdown",
    ],
    persistent: true,
  },
] as const;
