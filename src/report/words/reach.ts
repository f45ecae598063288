// What the rules about reaching the target say: routers, ports, loss, ICMP.

import type { RefusedBy } from "../../diagnosis/causes/reach/port-refused.ts";
import { LOSS_CONTRADICTED } from "../../facts/reasons.ts";
import { HELD_BEFORE_THE_DISTRO, SERVED_BY_NOBODY } from "./inbound.ts";
import {
  formatBegin,
  formatDrops,
  formatElsewhere,
  formatLarge,
  formatOpen,
  formatSlow,
  MAY_BE_DROPPED_HERE,
} from "./lost-packets.ts";
import type { AreaSentences } from "./sentence.ts";
import { formatCandidate, formatCure } from "./tcp-options.ts";

const OR_ECN =
  "or what asks for ECN, as net.ipv4.tcp_ecn has this system do: a second request without it is not dropped then";

export const REACH_SENTENCES = {
  "gateway-unreachable": {
    beyondAnswers: "something beyond this machine answers",
    noNeighbourFailure: "nothing answers, and the kernel reported no neighbour failure",
    onLink: "the target is on the local link",
    noNeighbours: ({ device }) => `${device} needs no neighbour discovery`,
    found: ({ gateway, others }) =>
      `the gateway ${gateway} does not answer ARP or neighbour discovery${others.length === 0 ? "" : `; other default routes lead to ${others.join(", ")}`}`,
    nextHops: ({ prefix, dead, others }) =>
      `of the next hops of the route ${prefix}, ${dead.join(" and ")} ${dead.length === 1 ? "does" : "do"} not answer ARP or neighbour discovery: every connection that the kernel gives to ${dead.length === 1 ? "it" : "them"} fails${others.length === 0 ? "" : `; ${others.join(" and ")} ${others.length === 1 ? "is" : "are"} there`}`,
    takeOut: "Leave the dead next hop out of the route",
    restart: "Restart WSL, which recreates its virtual switch",
  },
  "routing-loop": {
    noRouter: "no router showed its address",
    noRepeat: "no router answers repeatedly at larger TTLs",
    found: ({ fromTtl, toTtl, address, routers }) =>
      `from hop ${fromTtl} on, to hop ${toTtl}, packets to ${address} loop between ${routers.join(", ")}${routers.length === 1 ? " and one that is silent" : ""}`,
  },
  "admin-prohibited": {
    established: "the connection is established",
    noError: "no ICMP error reports it",
    found: ({ from, answered, address, type, code }) =>
      `${from} answers ${ANSWERED[answered]} for ${address} with ICMP type ${type} code ${code}`,
  },
  "nothing-answers": {
    ended: "the connection request did not stay without an answer",
    noGateway: "no gateway leads there",
    heard: "more than a link-layer address is answered",
    notAsked: ({ gateway }) => `the gateway ${gateway} was not asked by itself`,
    noNeighbour: ({ gateway }) => `whether ${gateway} answered ARP in this run is not known`,
    mayBeDroppedHere: MAY_BE_DROPPED_HERE,
    found: ({ gateway, address, six, cleared, host }) =>
      `the gateway ${gateway} answers ${six ? "neighbour discovery" : "ARP"}, and nothing else: no probe of it, no router and not ${address}${cleared ? "; none of the answers was dropped on this machine" : "; whether this machine drops the answers itself is not observable"}${host === null ? "" : `; ${host}`}`,
  },
  "upstream-unreachable": {
    otherNetwork: ({ server }) => `the name server ${server} may be one of another network`,
    reasonReported: "a host reports why packets go no further",
    noRouter: "no router answers, not even the first one",
    onlyHost: "only the Windows host answers: whether it forwards has to be known first",
    routersAnswer: ({ ttl }) => `routers answer up to hop ${ttl}`,
    serverMayBeSilent: "the name server itself may be what is silent beyond the first router",
    mayBeDroppedHere: MAY_BE_DROPPED_HERE,
    tooFewHops: "too few hops beyond it were probed",
    othersAnswer: ({ server }) => `${server} beyond the same gateway answers`,
    unsigned: ({ address }) =>
      `a router on the path reports that it has no route to ${address}: the connection ends at once with ENETUNREACH; the error does not show which router`,
    reported: ({ from, address, type, code }) =>
      `${from} answers, and reports at once that it has no route to ${address} (ICMP type ${type} code ${code})`,
    silent: ({ router, address }) =>
      `the first router ${router} answers, and nothing beyond it on the path to ${address}`,
  },
  "destination-down": {
    connectAnswered: "the target answers connection requests",
    answersBy: ({ device }) => `the target answers by ${device ?? "another interface"}`,
    nobodyThere: "only Windows is on that link, and its own routes to the target were not read",
    tunnel: "the target is behind a tunnel, which has no routers",
    reasonReported: "another host reports why packets go no further",
    noRouter: "no router answers, so nothing shows a path up to the target",
    nothingBeyond: ({ ttl }) => `no router beyond hop ${ttl} answers`,
    byLastRouter: ({ from, address }) =>
      `${from} reports ${address} as unreachable, after ARP or neighbour discovery on its link got no answer`,
    onOwnLink: ({ address, device }) =>
      `${address} is on the link of ${device} itself, and answers no ARP or neighbour discovery there: it is down, or the prefix is wider than the link`,
    silent: ({ from, ttl, address }) =>
      `${from} at hop ${ttl} answers, and nothing beyond it: ${address} or a router before it is down or drops everything`,
  },
  "port-refused": {
    ...SERVED_BY_NOBODY,
    noReset: "no reset answered the SYN",
    seeListeners: ({ port }) =>
      `See which programs listen and where, and start the one that is to serve port ${port}`,
    foundDatagram: ({ address, port }) =>
      `${address} answers datagrams to UDP port ${port ?? "0"} with port unreachable: no program listens there`,
    found: ({ by, port, address }) =>
      `${formatRefused(by, port)}${address === null ? "" : ` (target ${address})`}`,
  },
  "ecn-lost": {
    unread: "whether this system asks for ECN was not read",
    notAsked: "this system does not ask for ECN",
    notCompared: "no connections with and without ECN were compared",
    alike: "connections with ECN fare as those without",
    bothLost: "connections without ECN do not all pass either",
    found: ({ lost, asked, leftOut, address, port }) =>
      `net.ipv4.tcp_ecn has this system ask for ECN, and ${lost === "request" ? `none of ${asked} connection requests to ${address} port ${port} that ask for it is answered` : `all of ${asked} connections to ${address} port ${port} with it lose data`}, while none of ${leftOut} without it ${lost === "request" ? "is lost" : "does"}`,
    cure: () => formatCure("ecn"),
  },
  "port-filtered": {
    ...HELD_BEFORE_THE_DISTRO,
    withoutEcn: () => formatCandidate("ecn"),
    answered: ({ code }) => (code ? `the connection failed with ${code}` : "the SYN was answered"),
    othersAnswered: "other connections to the port are answered",
    anotherAnswered: "another connection request to the port was answered",
    mayBeDroppedHere: MAY_BE_DROPPED_HERE,
    nothingAnswers: "the target answers nothing at all",
    datagramAnswered: "the datagram was answered",
    mayBeOpen: "a UDP server need not answer what it does not understand",
    foundDatagram: ({ address, alive, port, request, stop }) =>
      `${address} answers ${formatAlive(alive)}, and ${port === null ? "no echo request" : `no ${request ?? "datagram"} to UDP port ${port}`}: ${stop === null ? "something drops these, or nothing there speaks that" : formatDropped(stop)}`,
    found: ({ address, alive, port, stop, past, ecn }) =>
      `${address} answers ${formatAlive(alive)}, and no SYN to port ${port}: something drops TCP to that port${ecn ? `, ${OR_ECN}` : ""}${formatStop(stop)}${formatPast(past)}`,
  },
  "some-addresses-dead": {
    oneAddress: "the target has one address",
    noneConnects: "no address of the name connects",
    firstConnects: "the address that programs try first connects",
    notShown: "the addresses before the one that works were tried only once, or connect later",
    found: ({ dead, works, count }) =>
      `${works} works, and ${dead.map(formatDead).join(", ")}: ${dead.length} of the ${count} addresses of the name, and tried before it. ${formatCost(dead)}`,
    useOne: ({ address }) => `Use ${address} until the others answer again`,
  },
  "ecmp-branch-broken": {
    endsAtTarget: "the source ports that are dead come as near to the target as any packet",
    onePort: "one source port was probed (--flows 8 probes more)",
    noneAnswered: "no source port got an answer",
    lossExplains: "loss explains the unanswered source ports as well",
    allAnswered: ({ count }) => `all ${count} source ports that were probed got an answer`,
    found: ({ flows, ports, attempts, end }) => {
      const count = `${flows.dead} of ${flows.all}`;
      const of = ports.join(", ");
      const dead =
        flows.protocol === "tcp"
          ? `${count} TCP source ports never get an answer (${of}), in ${attempts} attempts each, and the others do`
          : `${count} UDP flows are never seen beyond TTL ${flows.beyondTtl} (source ports ${of}), in ${attempts} attempts each, and the others are`;
      const where =
        end === null
          ? ""
          : `; the last router that sees one of them is ${end.from}, at TTL ${end.ttl}`;
      return `${dead}${where}`;
    },
  },
  "new-connections-lost": {
    withoutEcn: () => formatCandidate("ecn"),
    endsAtHop: "the source ports that are dead end at a hop before the target",
    notMeasured: "no connection request was repeated, so that their loss was not measured",
    answered: formatAnswered,
    nothingBeside: "nothing shows whether other packets are lost as well",
    othersLost: "other packets are lost as well",
    contradicted: LOSS_CONTRADICTED,
    samePorts: ({ dead, all, ports, attempts }) =>
      `${dead} of ${all} source ports never get an answer (${ports.join(", ")}), in ${attempts} attempts each, and the others do; their SYNs come as far as any packet: one of several machines behind the address, or what is in front of it, drops them`,
    found: ({ lost, sent, gapMs, slow, elsewhere, open, retried, pace, ecn }) =>
      `${lost} of ${sent} connection requests ${gapMs} ms apart got no answer${formatSlow(slow)}${formatElsewhere(elsewhere)}${formatOpen(open)}${retried === 0 ? "" : `; ${retried} source ports without an answer got one when they were tried again`}${pace ? ": a limit at our pace, which hardly any program has" : ""}${ecn ? `; ${OR_ECN}` : ""}`,
  },
  "path-loss": {
    withoutEcn: () => formatCandidate("ecn"),
    withEcn: ({ connections }) =>
      `every one of ${connections} connections that agreed on ECN had to repeat data, and none of them its SYN: packets with the marks of ECN may be what is lost`,
    unanswered: ({ lost, sent, begins, limit, drops }) =>
      `${lost} of ${sent} connection requests got no answer${formatBegin(begins)}${limit ? "; a limit there on new connections would look the same" : ""}${formatDrops(drops)}`,
    large: ({ directions, largeBytes, smallBytes, from }) =>
      `large packets are lost: ${directions.map((one) => formatLarge(one, largeBytes, smallBytes)).join("; ")}; it begins above ${from.passed} bytes, at ${from.lost} at most`,
    sizesStalled: ({ lost, passed, drops }) =>
      `connections that offer segments of ${lost.join(", ")} bytes stalled although ${passed} bytes passed: packets are lost regardless of size${formatDrops(drops)}`,
    retransmitted: ({ syns, data, userVisible, drops }) =>
      `TCP had to retransmit the SYN of ${syns} and data of ${data} connections, of sizes that pass${userVisible ? "; it delayed the attempt itself by a second or more" : ""}${formatDrops(drops)}`,
    ofRequests: ({ lost, sent, slow, beside, open }) =>
      `${lost} of ${sent} connection requests in quick succession got no answer, and beside them ${slow.lost} of ${slow.sent} slow ones, ${beside.lost} of ${beside.sent} other probes to the target and ${open.lost} of ${open.sent} segments of an open connection: connection requests are dropped, and no other packets`,
    answered: formatAnswered,
    notMeasured: "nothing stalled and nothing was retransmitted, so loss was not measured",
    repaired: ({ ms }) => `what was lost was retransmitted within ${ms} ms`,
    contradicted: LOSS_CONTRADICTED,
    onlyWaited: "what waited repeated nothing, and missed nothing of what arrived",
    bySize: "what failed was larger than all that passed",
  },
  "icmp-filtered": {
    notConnected: "no connection shows that the path works",
    received: "ICMP messages are received",
    tooFewProbes: "too few probes were sent that ICMP would answer",
    mayBeLimit: "all within a second, which a router's limit on ICMP messages explains",
    noExpiringSyn: "no SYN was sent whose TTL expires on the path",
    found: ({ address, silent, userModeNat }) =>
      `TCP to ${address} works, and none of ${silent} UDP and echo probes is answered by any host${userModeNat ? ": the user-mode NAT of this mode forwards neither" : ""}`,
  },
  "icmp-rate-limited": {
    noProbe: "no probe was sent",
    equalResults: "equal probes have equal results",
    mayBeLoss: "loss was not measured, so it may be loss",
    synsLostToo: "connection requests are lost as well",
    largeLost: "large packets are lost, in connections as well",
    mayBeLate: "round trips were nearly as long as the time-out: answers may have been late",
    found: ({ replied, probes, syns }) =>
      `${replied} of ${probes} equal probes were answered, and all of ${syns} connection requests: a limit on ICMP messages, no loss`,
  },
  "hop-silent": {
    noHop: "no hop was probed",
    allAnswer: "every hop before the last answer answers",
    found: ({ ttls }) =>
      `${ttls.length === 1 ? "hop" : "hops"} ${ttls.join(", ")} ${ttls.length === 1 ? "sends" : "send"} no time exceeded, while later hops answer: no loss`,
  },
} satisfies AreaSentences<"reach">;

const ANSWERED = {
  syns: "connection requests",
  packets: "packets",
  "packets-not-syns": "packets (and drops connection requests)",
  "syns-alone": "connection requests, and no other packets,",
} as const;

function formatRefused(by: RefusedBy, port: number): string {
  switch (by.kind) {
    case "icmp":
      return `${by.from} answers the SYN to port ${port} with "port unreachable" instead of the target`;
    case "near": {
      const { ttl, distance, router } = by;
      const behind =
        distance === null
          ? `${router?.from} at hop ${router?.ttl} is on the path`
          : `the target is ${distance} hops away`;
      return `the SYN to port ${port} is answered with a reset ${ttl} ${ttl === 1 ? "hop" : "hops"} away, and ${behind}: a host before the target refuses on its behalf`;
    }
    case "target":
      return `the target answers the SYN to port ${port} with a reset`;
  }
}

const PROTOCOLS = { udp: "UDP", icmp: "echo requests" } as const;

function formatAlive({
  protocol,
  port,
}: {
  readonly protocol: "tcp" | "udp" | "icmp";
  readonly port: number | null;
}): string {
  if (protocol !== "tcp") return PROTOCOLS[protocol];
  return port === null ? "some connection requests" : `TCP on port ${port}`;
}

/** TTL 0 is this machine. */
function formatDropped({
  afterTtl,
  beforeTtl,
}: {
  readonly afterTtl: number;
  readonly beforeTtl: number;
}): string {
  const from = afterTtl === 0 ? "this machine" : `hop ${afterTtl}`;
  return `they are dropped between ${from} and hop ${beforeTtl}, where other packets pass`;
}

function formatStop(stop: { readonly ttl: number; readonly from: string | null } | null): string {
  if (stop === null) return "";
  return stop.from === null
    ? ", before the first router"
    : `; the last router that a SYN reaches is ${stop.from} at hop ${stop.ttl}`;
}

function formatPast(past: { readonly host: boolean } | null): string {
  if (past === null) return "";
  return past.host
    ? ", the last before the target, and Windows itself reaches the port: the answer is lost on this machine"
    : ", the last before the target: the target drops it, or its answer is lost anywhere on the way back";
}

interface Dead {
  readonly address: string;
  readonly tried: number;
  readonly code: string | null;
}

function formatDead({ address, tried, code }: Dead): string {
  return code === null
    ? `${address} answers none of ${tried} connections`
    : `${address} ends connections with ${code}`;
}

function formatCost(dead: readonly Dead[]): string {
  return dead.some(({ code }) => code === null)
    ? "A silent one costs browsers a quarter of a second, curl half of its connect timeout, and ssh, git and Python two minutes"
    : "Programs that try the next one lose a round trip, others fail";
}

function formatAnswered(of: { readonly answered: number; readonly sent: number }): string {
  const { answered, sent } = of;
  return `${answered} of ${sent} connection requests were answered`;
}
