// Why a rule was not asked: what it needs is not met, or speaks against the cause.

import type { SharedSaid } from "../../diagnosis/causes/said.ts";
import type { SaidOfNeeds } from "../../diagnosis/needs/needs.ts";
import type { SaidOfScope } from "../../diagnosis/scope.ts";
import { NO_QUERY, NO_SERVER, NO_SNAPSHOT, NOT_CONNECTED, NOT_TRIED } from "../../facts/reasons.ts";
import type { SentencesFor } from "./sentence.ts";

export const NEED_SENTENCES = {
  noConnection: "no connection was attempted",
  nothingConnected: NOT_CONNECTED,
  nothingTried: "nothing was tried",
  comesAbout: "the connection comes about all the same",

  noService: "wsl-trace inbound tries it",
  serviceAlone: "a run about a service here follows no path out",

  noQuery: NO_QUERY,
  noServerQueried: "no server of resolv.conf was queried",
  fileNotRead: "resolv.conf was not read",
  noServer: NO_SERVER,
  noTunnel: "resolv.conf does not name WSL's DNS tunnel",
  noHostProxy: "resolv.conf does not name the host's proxy on the gateway",
  gatewayNotAsked: "the gateway was not asked for a name",
  serverReported: ({ server, reported }) => `${server} ${reported}`,
  noOtherServer: "no other server replies from here: the way may be dead",

  noSnapshot: ({ reason }) => reason ?? NO_SNAPSHOT,
  noCardsOfHost: "the host's cards are not observable: no snapshot",
  noRoutesOfHost: "the host's routes are not observable: no snapshot",
  notBehindNat: "the guest is not behind the host's NAT",
  notBehindHost: "the distro is not behind a Windows host",
  noHostOnPath: "there is no Windows host on the path",
  notMirrored: "this is not mirrored mode",
  networkCarries: "nothing shows that the network which WSL gives carries nothing",
  notWsl2: "this is not WSL2",
  vpnUnknown: "no snapshot shows whether a VPN is on the path",

  noRouteToFollow: "there is no route to follow",
  noRoute: "there is no route to look at",
  notLoopback: "the target is no address of 127.0.0.0/8",
  userModeNat: "a user-mode NAT forwards neither TTL nor ICMP",
  ownSwitch: "the host's route to the guest is its own switch",
  repliesArrive: "replies do reach the guest",
  noArp: "the host answers not even ARP",

  noData: "no data was received on the connection",
  noDataPossible: "nothing was connected to, so no data could be received",
  noStall: "the server's answer was received without a stall",
  recovered: ({ ms }) => `the stall recovered after ${ms} ms: the server was notified of the limit`,
  smallerSegments:
    "stalled connections recovered with smaller segments: the server was notified of the limit",
  everySizeStalls: "small segments stall as well, so it does not depend on size",
  sizesMixed: "the sizes that pass and those that are lost could not be separated",
  tcpStaysBelow: ({ largest }) =>
    `TCP sends no more than ${largest} bytes here, so no transfer is affected`,
  sendersNotified: ({ largest }) =>
    `packets over ${largest} bytes are answered with fragmentation needed (IPv6: packet too big), so senders are notified`,
  noSizeAnswered: ({ reason }) => reason ?? "no outbound size was answered",
  sizePasses: ({ bytes }) => `packets of ${bytes} bytes pass on the outbound path`,

  targetReached: "the target is reached",
  targetAnswers: "the target itself answers",

  noneTried: NOT_TRIED,
  getsThrough: "the default attempt gets through this kernel",
  eventsLost: ({ lost }) => `${lost} kernel events were lost, and this may have been among them`,
  notStopped: ({ reason }) => `this kernel did not stop the attempt with ${reason}`,
  dropsOfOthers: ({ count, reason }) =>
    `${count === 1 ? "a packet was" : `${count} packets were`} dropped with ${reason} during the run, and nothing tells whose`,

  sendsNothing: "this run sends nothing",
  namesAlone: "this run asks for names alone",
  asReported: ({ reason }) => reason,
} satisfies SentencesFor<SharedSaid<"needs"> | SaidOfNeeds | SaidOfScope>;
