// Targets that are asked for less than a web page: a connection alone; a UDP port that answers, refuses, is filtered or says
// nothing; and echo requests.

import { LAN_ROUTER, SERVER } from "../topology/addresses.ts";
import {
  FAR_END_SILENT,
  fault,
  filter,
  HEALTHY,
  INBOUND_BLACKHOLE,
  wsl2,
  wsl2Vpn,
} from "./building-blocks.ts";
import type { Fault } from "./fault.ts";
import type { Expected, Scenario } from "./scenario.ts";

/** Root may send echo requests, as everybody may under systemd; a user namespace knows no other group. */
const PING_SOCKETS: Fault = {
  kind: "kernel-setting",
  at: "guest",
  key: "net/ipv4/ping_group_range",
  value: "0 0",
};
/** Whoever is left out learns nothing of them. */
const PERHAPS: Pick<Expected, "asUser"> = { asUser: { causes: [], verdicts: ["inconclusive"] } };

export const DATAGRAM_SCENARIOS: readonly Scenario[] = [
  wsl2({
    name: "connect-alone",
    title: "A port that is only connected to, and HTTPS beside it shows the sizes: no fault",
    sees: "everything works",
    target: `tcp://${SERVER.v4}:80`,
    negativeFor: ["server-silent", "pmtu-inbound-blackhole"],
    expected: HEALTHY,
  }),
  wsl2Vpn({
    name: "vpn-connect-alone",
    title: "The black hole, and a port that is only connected to",
    sees: "the port is open, and what is larger than a line hangs",
    target: `tcp://${SERVER.v4}:80`,
    faults: [FAR_END_SILENT],
    expected: { ...INBOUND_BLACKHOLE, verdict: "degraded" },
  }),
  wsl2({
    name: "datagram-answered",
    title: "A UDP port whose server answers its protocol: no fault",
    sees: "everything works",
    target: `udp://${LAN_ROUTER.v4}:53`,
    faults: [PING_SOCKETS],
    negativeFor: ["port-filtered", "port-refused"],
    expected: { ...HEALTHY, ...PERHAPS },
  }),
  wsl2({
    name: "datagram-refused",
    title: "No program listens on the UDP port",
    sees: "connection refused, as soon as the program reads",
    target: `udp://${SERVER.v4}:5060`,
    negativeFor: ["port-filtered", "destination-down", "admin-prohibited"],
    expected: fault("port-refused", "destination"),
  }),
  wsl2({
    name: "datagram-filtered",
    title: "Windows' firewall drops what is forwarded to a UDP port, and nothing else",
    sees: "the VPN client or the game times out",
    target: `udp://${SERVER.v4}:51820`,
    faults: [filter("host", "forward", "udp dport 51820 drop")],
    negativeFor: ["port-refused", "destination-down", "path-loss"],
    expected: fault("port-filtered", null, "outbound"),
  }),
  wsl2({
    name: "datagram-silent",
    title: "A UDP server that answers nobody it does not know, as WireGuard: perhaps no fault",
    sees: "nothing, or everything works",
    target: `udp://${SERVER.v4}:51820`,
    faults: [filter("server", "input", "udp dport 51820 drop")],
    negativeFor: ["port-filtered", "port-refused", "destination-down"],
    expected: { ...HEALTHY, verdict: "inconclusive" },
  }),
  wsl2({
    name: "echo-answered",
    title: "A host that answers echo requests: no fault",
    sees: "everything works",
    target: `icmp://${SERVER.v4}`,
    faults: [PING_SOCKETS],
    negativeFor: ["port-filtered"],
    expected: { ...HEALTHY, ...PERHAPS },
  }),
  wsl2Vpn({
    name: "vpn-echo-answered",
    title: "The black hole, and a host that is only asked for small echoes",
    sees: "ping works, and what is larger hangs",
    target: `icmp://${SERVER.v4}`,
    faults: [FAR_END_SILENT, PING_SOCKETS],
    expected: { ...HEALTHY, verdict: "inconclusive" },
  }),
  wsl2({
    name: "echo-filtered",
    title: "A host behind a filter of echo requests: ping fails, and nothing else does",
    sees: "ping gets no answer",
    target: `icmp://${SERVER.v4}`,
    faults: [PING_SOCKETS, filter("server", "input", "icmp type echo-request drop")],
    negativeFor: ["destination-down", "port-refused"],
    expected: { ...fault("port-filtered", null), ...PERHAPS },
  }),
];
