// What the rules about routes that lead nowhere, or the wrong way, say.

import type { LinkLocalCard } from "../../facts/reach/guest-cards.ts";
import { routeUnread } from "../../facts/reasons.ts";
import type { RefusingEntry } from "../../schema/events/guest.ts";
import type { AreaSentences } from "./sentence.ts";

const NO_ADDRESS = "no address to look up a route for";

export const ROUTE_SENTENCES = {
  "no-default-route": {
    hasRoute: formatHasRoute,
    hasDefault: "there is a default route",
    noAddress: NO_ADDRESS,
    refused: ({ error }) => routeUnread(error),
    found: ({ address, hasNoDefault, hasNoCard, local }) =>
      `the kernel has no route to ${address ?? "any name server"}${hasNoDefault ? `: there is ${hasNoCard ? "no network card" : "no default route"}` : ""}${local === null ? "" : `, and ${formatLinkLocal(local)}`}`,
    restart: "Restart WSL, which configures the distro's address and routes again",
  },
  "network-manager-took-address": {
    hasAddress: "no card has a link-local IPv4 address alone",
    otherCard: ({ device }) => `packets leave by ${device}`,
    ofWindows: ({ address }) => `Windows has ${address} itself`,
    notWsl: "a DHCP server, or Windows, may have left the card without an address",
    found: ({ windows, ...card }) =>
      `${formatLinkLocal(card)}, as a network manager of the distro sets it where no DHCP server answers; ${windows === null ? "WSL had set another" : `Windows has ${windows}`}`,
    keepNetworkManagerOff: ({ device }) =>
      `Where NetworkManager runs: keep it off ${device}, then run wsl --shutdown`,
    keepNetworkdOff: ({ device }) =>
      `Where systemd-networkd runs: keep it off ${device}, then run wsl --shutdown`,
    keepIfupdownOff: ({ device }) =>
      `Where ifupdown or dhcpcd runs: do not let it start for ${device}, then run wsl --shutdown`,
    restart: "Then restart WSL, which sets the address again",
  },
  "nat-fallback-changed-mode": {
    notRead: "the interfaces were not read",
    hasCard: ({ device }) => `${device} is there`,
    otherWay: ({ device }) => `packets leave by ${device}`,
    isWsl1: "WSL1 has Windows' own adapters",
    settingsUnread: "the snapshot does not have .wslconfig",
    asksForNone: ".wslconfig asks for networkingMode=none",
    found: ({ asked, wsl, windows }) =>
      `the distro has no network card, and .wslconfig asks for ${asked === null ? "none of WSL's modes, so for NAT" : `networkingMode=${asked}`}: WSL${wsl === null ? "" : ` ${wsl}`} could not set that up when it started${windows === null ? "" : ` on Windows ${windows}`}, and fell back to no network`,
    seeError: "See why: WSL prints the error code when it starts anew",
    restartWindows: "Restart Windows, after which it was set up in most reports",
    useNat: "Use NAT until it can be set up",
  },
  "route-blocks": {
    noAddress: NO_ADDRESS,
    hasRoute: formatHasRoute,
    noneRefuses: ({ address }) => `no route or rule that is there refuses ${address}`,
    found: ({ address, entry, others }) =>
      `${formatRefusing(entry)} refuses packets to ${address}, and none leaves this machine${others === 0 ? "" : `; ${others} more would refuse them too`}`,
    deleteRoute: "Delete the route, if nobody needs it: packets then take the next one that fits",
    deleteRule: ({ priority }) => `Delete the rule of priority ${priority}, if nobody needs it`,
  },
  "vpn-metric-steals-wsl-subnet": {
    noVpn: ({ competitor }) => formatNoVpn(competitor),
    longerPrefix: ({ prefix, switchPrefix }) => `${prefix} is longer than ${switchPrefix}`,
    found: ({ switchPrefix, competitor, because }) =>
      `Windows sends packets for ${switchPrefix}, WSL's own network, into ${competitor}: ${because}; so no reply reaches the guest`,
    worseMetric: ({ name }) =>
      `Give ${name} a worse metric than WSL's switch (until the VPN reconnects)`,
  },
  "vpn-more-specific-route": {
    noVpn: ({ competitor }) => formatNoVpn(competitor),
    samePrefix: ({ prefix }) => `${prefix} is as long as WSL's own`,
    found: ({ prefix, competitor, switchPrefix }) =>
      `${prefix} on ${competitor} lies inside WSL's network ${switchPrefix} and holds the guest's address: Windows sends replies to the guest into the VPN`,
    deleteRoute: "Delete the route until the VPN sets it again",
  },
  "nat-subnet-overlap": {
    neighbourAnswers: ({ address }) => `${address} on WSL's own network answers`,
    noOtherHost: "nothing shows that another host has this address",
    targetInside: ({ address, device, hostRoutes, masks }) =>
      `${masks === null ? `${address} lies inside WSL's own network` : `the two masks differ: ${device} has /${masks.guest} and Windows' switch /${masks.host}, and ${address} lies between`}, so ${device} sends ARP requests for it on the virtual switch, where no host has it; ${hostRoutes === null ? WINDOWS_REACHES : formatHostRoutes(hostRoutes)}`,
    sameMask: ({ host }) => `Give the distro the mask of Windows' switch, /${host}`,
    isVpn: "the other network is that of a VPN",
    repliesAstray: ({ switchPrefix, competitor, because }) =>
      `WSL's network ${switchPrefix} is also that of ${competitor}: ${because}; so no reply reaches the guest`,
    move: "Move WSL's network to one that is unused here",
  },
  "docker-bridge-overlap": {
    noBridge: ({ device }) => `the route to the target is over ${device}, no bridge of Docker`,
    mayBeContainer: "nothing shows that the target is not a container",
    found: ({ address, device, shown }) =>
      `the route to ${address} is ${device}, a bridge for containers inside the distro; ${formatShown(shown)}`,
    otherRanges: "Give Docker other ranges (restarts its containers)",
  },
  "multiple-host-nics": {
    oneIsBetter: "one default route of the host is better than all others",
    reasonReported: "the failure has a reported reason",
    beyondHost: "packets get beyond the host",
    hostSilent: "the host itself answers nothing",
    windowsFailsToo: "Windows does not reach the target either",
    preferOther: ({ name }) =>
      `Make the default route by ${name} clearly worse (or that of the other, if ${name} is to be kept)`,
    found: ({ adapters, windowsReaches }) =>
      `${adapters.join(" and ")} have equally good default routes, and nothing beyond the host answers the guest${windowsReaches ? ", while Windows itself reaches the target" : ""}`,
  },
  "mirrored-routes-lost": {
    hasRoute: "the guest has a route",
    noRouteOnHost: "Windows has no route either",
    found: ({ address, adapter }) =>
      `Windows reaches ${address ?? "the world"} over ${adapter}, and the guest that should mirror it has no route`,
    restart: "Restart WSL, which mirrors the routes again",
  },
  "mirrored-wrong-source-address": {
    hostRouteUnknown: ({ reason }) => `Windows' own route is not known: ${reason ?? "no snapshot"}`,
    rightSource: ({ source, adapter }) => `${source} is that of ${adapter}`,
    noSuchAddress: ({ adapter }) => `the guest has no address of ${adapter} to send from`,
    found: ({ address, adapter, right, device, source, answersBy }) =>
      `Windows sends to ${address} over ${adapter} (${right}), the guest over ${device} from ${source}${answersBy === null ? "" : `; ${formatAnswersBy(answersBy)}`}`,
    rightAddress: "Send to this target from the right address",
  },
  "mirrored-local-policy-routing": {
    staysInside: ({ device }) => `the route to it stays inside the distro (${device})`,
    listenerUnknown: "whether anything listens here was not readable",
    noListener: "nothing in the distro listens there",
    found: ({ address, port, tables, routeTable, device }) =>
      `a program of the distro listens on ${address} port ${port}, and rules of mirrored mode (${tables.length === 0 ? `table ${routeTable}` : `tables ${tables.join(", ")}`}) lead packets for it to Windows over ${device}`,
    ignorePort: "Keep this port out of mirroring",
  },
  "vpn-client-inside-wsl": {
    noTunnel: "the route is no tunnel of the distro",
    ofWindows: ({ device }) => `${device} is Windows' own, mirrored`,
    beyondAnswers: ({ device }) => `a host beyond ${device} answers`,
    found: ({ device, address, answersBy }) =>
      `${device}, a tunnel inside the distro, carries the route to ${address ?? "the name servers"}, and ${answersBy === null ? "nothing answers through it" : formatAnswersBy(answersBy)}`,
  },
} satisfies AreaSentences<"route">;

const WINDOWS_REACHES = "Windows itself reaches it";

/** RFC 3927. */
function formatLinkLocal({ device, address }: LinkLocalCard): string {
  return `${device} has the link-local ${address} alone`;
}

function formatHasRoute({ address }: { readonly address: string }): string {
  return `the kernel has a route to ${address}`;
}

function formatRefusing(entry: RefusingEntry): string {
  if (entry.kind === "rule") {
    return `the policy rule ${entry.priority} of type ${entry.type} (${entry.selector})`;
  }
  const table = entry.table === null ? "" : ` in table ${entry.table}`;
  return `the route ${entry.prefix} of type ${entry.type}${table}`;
}

function formatNoVpn(adapter: string): string {
  return `${adapter} is no VPN`;
}

function formatHostRoutes(routes: string): string {
  return `Windows has ${routes}`;
}

function formatAnswersBy(device: string): string {
  return `by ${device} the target answers`;
}

/** What shows that a bridge's range belongs to somebody else. */
type Shown =
  | { readonly by: "device"; readonly device: string | undefined }
  | { readonly by: "host" }
  | { readonly by: "host-routes"; readonly routes: string };

function formatShown(shown: Shown): string {
  switch (shown.by) {
    case "device":
      return `by ${shown.device} the same address answers`;
    case "host":
      return WINDOWS_REACHES;
    case "host-routes":
      return formatHostRoutes(shown.routes);
  }
}
