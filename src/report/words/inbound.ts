// What the rules about a service of the distro say.

import type { ServiceFacts } from "../../facts/service/service.ts";
import type { AreaSentences } from "./sentence.ts";

export const INBOUND_SENTENCES = {
  "guest-bound-to-loopback": {
    unread: "who serves the port here could not be read",
    nobody: "nobody listens on the port at all",
    open: "the service listens on an address that others come by",
    found: ({ port, bound, addresses, isForwarded, localhost }) =>
      `port ${port} is served on ${listed(addresses)} ${isForwarded ? "(forwarded to a container) " : ""}alone: ${BOUND[bound]}${localhost === "yes" ? "; Windows' localhost is forwarded to it all the same" : ""}`,
    findProgram: "Find the program, and have it listen on 0.0.0.0 (its option is often --host)",
  },
  "excluded-port-range": {
    notForwarded: "Windows listens on no port in the name of this system",
    outside: "no excluded range of Windows holds the port",
    reached: "Windows' localhost leads to the service in spite of the range",
    notTried: "Windows' localhost was not tried",
    found: ({ port, first, last }) =>
      `Windows excludes the ports ${first} to ${last}, and ${port} is one of them: WSL cannot listen on it in Windows for the distro`,
    dealAnew: "Have Windows deal its ranges anew",
    reserve: "Reserve the port before Windows deals its ranges",
  },
  "localhost-forwarding-broken": {
    notNat: "WSL forwards localhost in NAT mode alone",
    notTried: "nobody tried the localhost of Windows",
    reached: "Windows' localhost leads to the service",
    notHere: "the service does not answer on the distro's own loopback either",
    found: ({ port, isOff, isReachedByAddress }) =>
      `port ${port} answers on the distro's loopback, and localhost:${port} of Windows does not lead there${isOff ? " (localhostForwarding=false in .wslconfig)" : ""}${isReachedByAddress ? "; the distro's own address works from Windows" : ""}`,
    switchOn: "Take localhostForwarding=false out of [wsl2], and restart WSL",
    restart: "Restart WSL, whose relay on the Windows side is gone",
    noFastStart: "Switch Fast Startup off, after which the relay is often gone",
  },
  "hyperv-firewall-blocks-inbound": {
    noRow: "the snapshot has no setting of the Hyper-V firewall for WSL",
    allows: "the Hyper-V firewall lets connections to WSL in by default, or is off",
    found: ({ port }) =>
      `DefaultInboundAction of the Hyper-V firewall is Block for WSL: other machines do not reach port ${port} unless a rule allows it, and its rules were not read`,
    letIn: "Let other machines reach the port",
    showRules: "See which rules there are for WSL",
  },
  "mirrored-port-conflict": {
    privileged:
      "only root may listen on a port below 1024, so that nothing shows whether it is free",
    free: "the port is free in the distro, or somebody serves it here",
    reached: "Windows reaches the service by this port",
    notTried: "nothing in Windows tried the port",
    found: ({ port, why, isHeld, error }) =>
      `${CONFLICTS[why](port, error)}${isHeld ? "; a program of Windows listens on it" : ""}`,
    findHolder: "Find the program of Windows that has the port",
    takeOut: "Take the port out of ignoredPorts under [experimental], and restart WSL",
    ignore: "Use another port, or give this one to Windows alone by ignoredPorts",
  },
  "portproxy-to-old-address": {
    noAddress: "the distro has no IPv4 address of its own to forward to",
    none: "no portproxy of Windows is about the port",
    current: "the portproxy of the port leads to the distro, or to somewhere else altogether",
    found: ({ listen, listenPort, connectAddress, connectPort, own }) =>
      `netsh's portproxy sends ${listen}:${listenPort} to ${connectAddress}:${connectPort}, and the distro is now ${own}: WSL deals another address at each start`,
    pointAnew: "Point it at the distro's address of today",
  },
  "mirrored-low-mtu-loopback": {
    noneSmall: "no card of the distro has less than 1500 bytes",
    otherAddress: "Windows did not reach it by the address of such a card",
    found: ({ address, port, device, mtu }) =>
      `Windows connects to ${address} port ${port}, the address of ${device} with ${mtu} bytes: large answers were reported to stall on that way, which was not tried here; 127.0.0.1 is another`,
  },
} satisfies AreaSentences<"inbound">;

const BOUND = {
  loopback: "only programs of the distro come by loopback",
  "ipv6-alone": "whoever connects over IPv4 is refused",
  elsewhere: "the address that leads out of the distro is not among them",
  nothing: "",
  open: "",
  unknown: "",
} as const satisfies Record<ServiceFacts["bound"], string>;

const CONFLICTS = {
  taken: (port: number, error: string | null) =>
    `nothing listens on port ${port} in the distro, and it cannot be had either (${error ?? "no reason"}): in mirrored mode that is Windows' doing`,
  ignored: (port: number) =>
    `ignoredPorts in .wslconfig names port ${port}: what comes for it stays in Windows`,
  "never-steered": (port: number) =>
    `Windows keeps port ${port} in mirrored mode, and never steers it to the distro`,
} as const;

function listed(addresses: readonly string[]): string {
  return addresses.length === 0 ? "no address" : addresses.join(", ");
}

/** What `port-refused` says in such a run. */
export const SERVED_BY_NOBODY = {
  serviceUnread: "whether a container serves the port, only root or a try from Windows shows",
  served: "somebody serves the port in the distro",
  notFree: "nobody serves the port, and this run could not try it in his place",
  foundNobody: ({
    port,
    others,
    way,
  }: {
    readonly port: number;
    readonly others: readonly number[];
    readonly way: boolean | null;
  }) =>
    `no program of the distro listens on TCP port ${port}${others.length === 0 ? "" : ` (on others: ${others.join(", ")})`}; ${formatWay(way)}`,
} as const;

function formatWay(way: boolean | null): string {
  if (way === null) return "whether Windows would reach one was not tried";
  return way
    ? "the way to it is open: Windows reaches a listener of this run's own there"
    : "Windows does not reach a listener of this run's own there either";
}

/** What `port-filtered` says. */
export const HELD_BEFORE_THE_DISTRO = {
  serviceComes: "Windows was held up nowhere before the distro",
  serviceUnclear: "nothing shows whether the packets of Windows arrive here",
  serviceArrives: "connection requests from Windows arrive in the distro",
  foundService: ({
    address,
    port,
    isDenied,
  }: {
    readonly address: string;
    readonly port: number;
    readonly isDenied: boolean;
  }) =>
    `a program listens on ${address} port ${port}, and what Windows sends there never arrives in the distro: ${isDenied ? "a filter of Windows forbids the connection (WSAEACCES)" : "something in Windows, or on its switch, holds it back or answers in its place"}`,
} as const;
