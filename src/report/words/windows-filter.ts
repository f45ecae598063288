// What the rules about the filters of Windows say.

import type { Silence } from "../../diagnosis/causes/windows-filter/vpn-killswitch-wfp.ts";
import type { AreaSentences } from "./sentence.ts";

const GETS: Readonly<Record<Silence["gets"], string>> = {
  "gateway-silent": "Windows answers nothing that the distro sends",
  "not-forwarded": "Windows answers the distro, and nothing beyond it does",
  "no-names": "Windows forwards for the distro, and answers none of its own questions",
};

const NOT_SILENT = "the connection does not end in silence";
const OFF = "that firewall is off";

export const WINDOWS_FILTER_SENTENCES = {
  "hyperv-firewall-blocks-outbound": {
    notSilent: NOT_SILENT,
    synPassed: ({ from }) => `the distro's SYN left Windows: ${from} answered for it`,
    noAddress: "what was connected to is no address",
    off: OFF,
    unread: ({ reason }) => reason,
    passes:
      "no rule of the Hyper-V firewall is about this connection, and its default lets it pass",
    found: ({ rule, address, port, windows }) =>
      `${rule === null ? "the Hyper-V firewall's default for what the distro sends is Block" : `the rule ${rule} of the Hyper-V firewall blocks what the distro sends`}, and the connection to ${address} port ${port} ends in silence${windows === null ? "" : `; ${windows}`}`,
    allowByDefault: "Let what the distro opens pass by default, where policy leaves that to you",
    disableRule: "Switch that rule off, where policy leaves that to you",
  },
  "windows-firewall-blocks-guest-to-host": {
    notWindows: ({ address }) => `${address} is no address of Windows`,
    notSilent: NOT_SILENT,
    windowsSilent: ({ address }) => `${address} answers nothing else either`,
    off: OFF,
    nobodyListens: ({ port }) => `Windows' own connection to port ${port} fails too`,
    bothUnknown: "neither whether a program listens there nor whether the firewall is on is known",
    found: ({ address, port, ignoresLocal, listens }) =>
      `${listens ? `a program on Windows takes connections on port ${port}` : `either no program of Windows listens on port ${port}, or its firewall drops the packets: both are silent while the firewall is on`}, and the distro's to ${address} get no answer${listens ? ": Windows' firewall drops them" : ""}${ignoresLocal ? "; policy has the Public profile ignore local rules, so that only an administrator's rule helps" : ""}`,
    seeListener: "See whether a program listens there",
    openPort: "Let connections to that port in on WSL's switch",
  },
  "vpn-killswitch-wfp": {
    noVpn: "no VPN of Windows is up",
    otherFilter: ({ filter }) =>
      `the filter ${filter} drops the distro's packets, and is none of a VPN`,
    answersItself: ({ server }) => `${server} answers what else the distro sends it`,
    noSwitch: "the VPN shows no switch that blocks what is outside its tunnel",
    found: ({ adapter, by, gets, windows, drops, filter }) => {
      const how = {
        "wireguard-default": `${adapter} has the route for everything, with which WireGuard blocks whatever is outside the tunnel`,
        product: `${adapter} is of a client that can block whatever is outside its tunnel`,
      };
      const counted = `a filter of Windows' stack drops packets while ${adapter} is up`;
      const shown = drops.length === 0 ? "" : `; pktmon counted ${drops.join("; ")}`;
      if (filter !== null) {
        return `${GETS[gets]} (${windows}): the filter ${filter} of Windows drops the distro's packets, and ${adapter} is up, whose client put it there`;
      }
      return `${GETS[gets]} (${windows}), and ${by === null ? counted : how[by]}${shown}: the distro's packets are outside it; a security product's filter looks the same, and only the filter's name in Windows distinguishes them`;
    },
  },
  "endpoint-security-drops-wsl": {
    unread: ({ reason }) => reason,
    otherFilter: ({ filter }) =>
      `the filter ${filter} drops the distro's packets, and is of no known security product`,
    noneBound:
      "no known security product has a filter on the adapters that the distro's packets cross",
    found: ({ product, filter, gets, windows, drop }) => {
      const where =
        filter === null ? "" : `; its filter ${filter.title ?? ""} sits on ${filter.adapter}`;
      return drop === null
        ? `${GETS[gets]} (${windows}), and ${product} is on the way${where}: that it drops them is a candidate beside other filters, which a count of drops in Windows distinguishes`
        : `${GETS[gets]} (${windows}): ${product} drops them, as Windows counted ${drop}${where}`;
    },
  },
  "vfp-or-switch-extension-drop": {
    unread: ({ reason }) => reason,
    nothingForeign: "WSL's switch has no extension but Windows' own",
    countedNone: "pktmon counted packets, and none as dropped in the switch",
    found: ({ drops, extension, windows }) => {
      const named =
        extension === null
          ? ""
          : `the switch has the extension ${extension.name}${extension.vendor === null ? "" : ` of ${extension.vendor}`}`;
      return drops.length === 0
        ? `the distro gets no answer where Windows does (${windows}), and ${named}: a candidate, which a count of drops in Windows confirms`
        : `the distro gets no answer where Windows does (${windows}), and pktmon counted in WSL's switch ${drops.join("; ")}${named === "" ? "" : `; ${named}`}`;
    },
  },
  "globalprotect-explicit-proxy-or-dns": {
    noGlobalProtect: "Windows has no adapter of GlobalProtect that is up",
    othersAnswer: ({ server }) => `${server}, which is not the VPN's, answers`,
    noneSilent: "no name server that is not the VPN's stays silent",
    ownSilent: ({ adapter }) => `no name server of ${adapter} answers the distro either`,
    found: ({ adapter, silent, working }) =>
      `${silent.join(", ")} of resolv.conf ${silent.length === 1 ? "is" : "are"} silent, and ${working} of ${adapter} answers the distro: GlobalProtect can drop questions to all name servers but its own`,
  },
} satisfies AreaSentences<"windows-filter">;
