// What the rules about defects of mirrored mode say.

import type { AreaSentences } from "./sentence.ts";

const NOT_IN_VPN = ({ adapter }: { readonly adapter: string }) => `${adapter} is no VPN`;
const USE_NAT = "Use NAT, which does not depend on mirroring";

export const MIRRORED_SENTENCES = {
  "mirrored-vpn-arp-regression": {
    noNeighbourFailure: "the kernel reported no neighbour that answers no ARP",
    beyondAnswers: "somebody answers by this interface",
    notInVpn: NOT_IN_VPN,
    otherCard: ({ device, adapter }) => `${device} does not have the address of ${adapter}`,
    found: ({ hop, device, adapter, windows }) =>
      `${windows}, over ${adapter}, and ${hop ?? "the next hop"} answers no ARP on ${device}, the distro's copy of that adapter: Windows is to answer in its name, and does not`,
    readNeighbour:
      "Read the next hop's link-layer address in Windows, for a static entry by ip neigh replace",
    useNat: USE_NAT,
  },
  "mirrored-host-address-loopback": {
    otherAddress: "it is no address that Windows and the distro share",
    servedHere: "a program of the distro listens there",
    settingsUnread: ".wslconfig was not read",
    switchedOn: ".wslconfig has hostAddressLoopback=true",
    nobodyOnWindows: "Windows' own connection to it fails too",
    found: ({ address, port, windows }) =>
      `${address} is Windows' address and the distro's: the connection to port ${port ?? "unknown"} stays in the distro, where nobody listens; ${windows}, and hostAddressLoopback, which leads it there, is not set`,
    switchOn: "Let the distro reach Windows by Windows' own addresses",
  },
  "mirrored-tcp-dead-icmp-alive": {
    notSilent: "the connection ends by an answer",
    nothingAlive: "no answer of the target shows that packets arrive",
    tcpAnswered: "something answers over TCP",
    otherMaker: ({ adapter }) => `${adapter} is of none of the makers that this was reported of`,
    windowsUnknown: "Windows was not seen to reach the port",
    found: ({ address, adapter, windows }) =>
      `${address} answers what is not TCP, no TCP packet is answered from anywhere, and ${windows}: so it was reported of mirrored mode over adapters like ${adapter ?? "this one"}; a filter of Windows that is about TCP alone looks the same`,
    seeDriver: "See the adapter's driver, and install its maker's newest",
    useNat: USE_NAT,
  },
  "mirrored-ping-only-broken": {
    notConnected: "TCP does not work either",
    received: "an ICMP message was received",
    tooFewProbes: "too few probes could have got one",
    mayBeLimit: "a router's limit on ICMP messages explains the silence as well",
    notInVpn: NOT_IN_VPN,
    windowsDidNotPing: "Windows sent no echo to compare with",
    windowsToo: "Windows' own echo gets no reply either",
    found: ({ address, silent, adapter }) =>
      `TCP to ${address ?? "the target"} works, ${silent} other probes got no answer, and Windows' own echo over ${adapter} did: ping tells nothing here, and nothing else is broken`,
  },
  "mirrored-jumbo-blackhole": {
    ordinary: ({ device, mtu }) => `${device} has an MTU of ${mtu} bytes`,
    otherSize: "the size at which packets begin to be lost is not that of Ethernet",
    found: ({ device, mtu, largest, below, adapter }) =>
      `${device} has the ${mtu} bytes that WSL copied from ${adapter ?? "Windows' adapter"}, packets of ${largest} bytes pass and those of ${below} are lost without a word: what is between the distro and Windows carries no more than Ethernet does${adapter === null ? "; a switch or router that takes no jumbo frames looks the same" : ""}`,
    lowerLink: ({ device }) => `Let ${device} offer and send what Ethernet carries`,
    lowerAdapter: "Give the adapter that MTU in Windows, where WSL copies it from",
  },
} satisfies AreaSentences<"mirrored">;
