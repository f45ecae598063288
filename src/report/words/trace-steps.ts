// What a trace says, in English.

import { duration } from "../duration.ts";
import type { Came, TracePhrases, WindowsView } from "../trace/phrases.ts";
import { ENGLISH_GROUPS } from "./trace-groups.ts";
import { formatSizeLimit } from "./trace-sizes.ts";

export const ENGLISH_PHRASES: TracePhrases = {
  ...ENGLISH_GROUPS,
  semicolon: "; ",
  machine: {
    tried: "the interfaces of this machine were read",
    proves: "this machine has a network interface that works and has an address",
  },
  interfaceUp: ({ device, address, mtu }) =>
    `${device} is up, with ${address} and an MTU of ${mtu}`,
  proxyTried: ({ variable }) => `the proxy settings (${variable}) were read`,
  proxyNamed: ({ proxy }) => `programs take ${proxy}`,
  proxyProves: "packets go to the proxy, and not to the target: what follows is about the proxy",

  resolveTried: ({ name, servers }) =>
    servers.length === 0
      ? `the name servers for ${name} were looked for`
      : `the addresses of ${name} were asked of ${servers.join(", ")}`,
  resolved: ({ server, addresses, ms }) =>
    `${server} answered ${addresses.join(", ")}${ms === null ? "" : ` in ${duration(ms)}`}`,
  serverSaid: ({ server, status }) => `${server} ${status}`,
  noServer: "there is no name server to ask",
  resolveProves: {
    ok: "a program gets an address for the name",
    failed: "a program gets no address for the name, and ends here",
  },
  libcFindsNothing: ({ name }) => `getent ahosts ${name} finds no address`,
  wentOnWith: ({ server }) => `the trace went on with what ${server} answered`,

  routeTried: ({ address }) => `this kernel was asked for its route to ${address}`,
  routed: ({ gateway, device, source, mtu }) =>
    `${gateway === null ? "on the link" : `via ${gateway}`}, device ${device}, source ${source}, MTU ${mtu}`,
  noRoute: ({ error, refused }) =>
    refused ? `a route or rule refuses it (${error})` : `there is none (${error})`,
  routeProves: {
    ok: "packets have a way out of this machine",
    failed: "packets never leave this machine",
  },

  hopsTried: ({ address, largestTtl }) =>
    `small packets were sent to ${address} with TTLs up to ${largestTtl}`,
  hopsCame: ({ routers, target }) =>
    [
      ...(routers.length === 0 ? [] : [`routers answered at hop ${listed(routers)}`]),
      target === null ? "the target did not answer" : `the target answered at hop ${target}`,
    ].join("; "),
  hopsProve: ({ ttl, from, atTarget }) =>
    atTarget
      ? "small packets reach the target, and its answers come back"
      : `small packets reach ${from} at hop ${ttl}, and its answers come back`,
  reachTried: ({ address, count }) => `${count} small packets were sent towards ${address}`,
  reachSilent: "neither a router nor the target answered any of them",
  reachFailsProves: "nothing on the path shows that it got a packet",

  connectTried: ({ address, port }) => `a TCP connection to ${address} port ${port} was requested`,
  tlsTried: ({ name }) => `a TLS handshake for ${name} was begun over that connection`,
  httpTried: ({ scheme }) =>
    scheme === "https" || scheme === "http"
      ? "an HTTP request was sent over that connection"
      : `a conversation in ${scheme} was begun over that connection`,
  datagramTried: ({ address, port, request }) =>
    port === null
      ? `echo requests were sent to ${address}`
      : `${request ?? "a datagram"} was sent to UDP port ${port} of ${address}`,
  stageCame: formatCame,
  stageProves: ({ stage, ok }) => PROVEN[stage][ok ? "ok" : "failed"],

  sizeTried: ({ outbound, largest }) => {
    const upTo = largest > 0 ? `, up to ${largest} bytes` : "";
    return outbound
      ? `packets of different sizes were sent${upTo}`
      : `connections invited answers of different sizes${upTo}`;
  },
  sizeCame: formatSizeLimit,
  sizeProves: ({ outbound, how }) => {
    const way = outbound ? "outbound" : "inbound";
    if (how === "full") return `the largest packets of these two ends pass ${way}`;
    return how === "told"
      ? `there is a size limit ${way}, and the sender is told of it, so that TCP keeps below it`
      : `there is a size limit ${way} that nothing reports: whoever sends more waits for ever`;
  },

  lossTried: ({ sent }) => `${sent} equal connection requests were sent`,
  lossCame: ({ sent, lost }) =>
    lost === 0 ? "all were answered" : `${lost} of ${sent} got no answer`,
  lossProves: ({ how }) => LOSS[how],

  kernelTried: () => "this kernel was watched while the connection was made",
  kernelFlow: ({ device, sent, received }) =>
    `${device ?? "the interface"} sent ${sent} packets of it and received ${received}`,
  kernelDropped: ({ drop, count }) => `${count} of its packets were dropped here: ${drop}`,
  kernelProves: ({ dropped, sent, received }) => {
    if (dropped)
      return "this kernel gave up packets of the connection, for the reason that it names";
    if (!sent) return "no packet of the connection left this machine";
    return received
      ? "packets of the connection leave this machine, and some come back to it"
      : "packets of the connection leave this machine, and none comes back to it";
  },

  windowsTried: "the same was tried from Windows, or read in its snapshot",
  windowsSaw: ({ what, state, reason }) => `${VIEWS[what]}: ${state}, ${reason}`,
  windowsProves: ({ reaches, smaller }) => {
    if (smaller !== null) {
      const { adapter, mtu, device, deviceMtu } = smaller;
      return `Windows' own connections begin on ${adapter} and ask for no more than its ${mtu} bytes hold, so that nothing of theirs is too large; the distro's begin on ${device} and ask for what ${deviceMtu} hold`;
    }
    if (reaches === null) return "this tells the parts of the chain behind Windows apart";
    return reaches
      ? "Windows itself gets as far as that, so that the path from Windows on carries at least so much"
      : "Windows itself does not get there either";
  },

  conclusionTried: "every cause that is known was held against all this",
  conclusionCame: ({ causes, open }) =>
    `${causes.length === 0 ? "none fits" : causes.length === 1 ? "one fits" : `${causes.length} fit (${causes.join(", ")})`}${open ? "; some could not be checked, as listed in the report" : ""}`,
  concluded: ({ title, place, towards, confidence }) =>
    `${title}; ${place}${towards === null ? "" : `, ${towards}`} (confidence ${confidence.toFixed(2)})`,
  thereButWrong: "it is there; the decisive step shows what is wrong with it",
  seeProof: "what the next line says",
  accepted: "accepted",
  noFault: "no fault was found",
  open: "it stays open",
  atProxy: ({ proxy }) => `at the proxy ${proxy}`,
  place: ({ segment, between, name }) => {
    if (segment !== null)
      return `at ${segment}${name === null || name === segment ? "" : ` (${name})`}`;
    if (between !== null) return `between ${between[0]} and ${between[1]}`;
    return "somewhere between this machine and the target: the evidence does not show where";
  },
  direction: ({ direction }) => (direction === "both" ? "both directions" : direction),
  mendedBy: ({ whom, cause }) =>
    `no command here cures it: ${MENDED_BY[whom]} (wsl-trace explain ${cause})`,
  afterwards: ({ stage }) => AFTERWARDS[stage ?? "verdict"] ?? "an answer",
  verdictNow: ({ verdict, cause }) =>
    `the verdict ${verdict}${cause === null ? "" : `, with ${cause}`}`,
};

const PROVEN = {
  datagram: {
    ok: "the target answers: small packets pass both ways",
    failed: "no answer comes back",
  },
  connect: {
    ok: "the port answers: small packets pass both ways",
    failed: "no connection comes about",
  },
  tls: {
    ok: "the handshake ends: the server's part of it came in whole",
    failed: "the handshake does not end",
  },
  http: {
    ok: "an answer of the protocol comes back: the attempt works",
    failed: "no answer of the protocol comes back",
  },
} as const;

const LOSS = {
  none: "the path loses no small packets",
  some: "the path loses too little, or other packets too rarely, to explain anything",
  much: "small packets are lost",
} as const;

const VIEWS: Readonly<Record<WindowsView, string>> = {
  name: "the name",
  target: "the target",
  tls: "its TLS",
  firstRouter: "the first router",
  endpoint: "the VPN's server",
  tunnel: "the tunnel",
};

const MENDED_BY = {
  user: "what has to change is in this distro",
  windows: "what has to change is in Windows",
  link: "it is for you to connect this computer: its cable, its Wi-Fi",
  resolver: "whoever runs the name server can, and needs the report",
  domain: "where the name is spelled right, whoever runs its domain can, and needs the report",
  vpn: "whoever runs the VPN can, and needs the report",
  lan: "whoever runs the router of the local network can, and needs the report",
  provider: "the operator of that router can, and needs the report",
  server: "whoever runs the server can, and needs the report",
  "far-end":
    "whoever runs the server, or what accepts connections in its place, can, and needs the report",
  proxy: "whoever runs the proxy can, and needs the report",
  filter:
    "whoever runs what reads or filters TLS on the way, often your company, can, and needs the report",
  path: "whoever runs the part of the path where it happens can, and needs the report",
  open: "nothing that was seen says why, and the report holds all that was",
} as const;

const AFTERWARDS: Readonly<Record<string, string>> = {
  verdict: "the verdict healthy",
  resolve: "an address",
  route: "a route",
  connect: "an answer",
};

function formatCame(came: Came): string {
  switch (came.kind) {
    case "ok":
      return `${came.detail}, after ${duration(came.ms)}`;
    case "no-reply":
      return `nothing, in ${duration(came.ms)}`;
    case "failed":
      return came.detail === "" || came.detail === came.code
        ? came.code
        : `${came.detail} (${came.code})`;
    case "other-protocol":
      return came.detail;
  }
}

const SHOWN_ROUTERS = 6;

/** Of a long path its ends. */
function listed(routers: readonly string[]): string {
  if (routers.length <= SHOWN_ROUTERS) return routers.join(", ");
  const half = SHOWN_ROUTERS / 2;
  return `${routers.slice(0, half).join(", ")}, ..., ${routers.slice(-half).join(", ")}`;
}
