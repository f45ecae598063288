// What the rules about the network that Windows makes for WSL say.

import type { Gets } from "../../facts/reach/wsl-network.ts";
import type { AreaSentences } from "./sentence.ts";

const GETS: Readonly<Record<Gets, string>> = {
  "no-card": "the distro has no network card",
  "no-address": "the distro's card has no IPv4 address",
  "gateway-silent": "the distro's gateway answers nothing",
  "not-forwarded": "nothing beyond the distro's gateway answers",
};

export const WSL_NETWORK_SENTENCES = {
  "networking-none": {
    notRead: "the distro's cards were not read",
    hasCard: ({ device }) => `the distro has ${device}`,
    hasRoute: "packets leave by some device",
    asksForOther: ".wslconfig does not ask for networkingMode=none",
    modeUnknown: "neither WSL nor .wslconfig says that the mode is none",
    found: ({ isAsked }) =>
      isAsked
        ? "the distro has no network card, as .wslconfig asks for networkingMode=none"
        : "the distro has no network card, and WSL reports networkingMode=none: a policy or .wslconfig asks for it, or WSL could set up no other mode, which only Windows can tell",
    useNat: "Ask for NAT in place of no network",
    seeError: "Where nobody asked for it: see the error code that WSL prints",
  },
  "nat-service-disabled": {
    unread: ({ reason }) => reason,
    noneDisabled: "none of the services that make WSL's network is disabled",
    found: ({ services, gets }) =>
      `${GETS[gets]}, and Windows has the ${services.length === 1 ? "service" : "services"} ${services.join(", ")} disabled, by which it makes WSL's network`,
    enable: "Let Windows start the service when WSL needs it",
  },
  "hns-wsl-network-broken": {
    hasAddress: "the distro has a card and an address",
    otherMode: ({ asked }) => `.wslconfig asks for networkingMode=${asked}`,
    unread: ({ reason }) => reason,
    isThere: ({ name }) => `the Host Network Service has the network ${name}`,
    found: ({ hasNoCard, others }) =>
      `${GETS[hasNoCard ? "no-card" : "no-address"]}, and Windows' Host Network Service has ${others.length === 0 ? "no network at all" : `no network of WSL's beside ${others.join(", ")}`}`,
  },
  "missing-or-stale-netnat": {
    notAtNat: "the distro's packets do not end at Windows' NAT",
    unread: ({ reason }) => reason,
    noneOverlaps: "no NAT object of Windows holds the distro's address",
    found: ({ name, address }) =>
      `the gateway answers and nothing beyond it does, and the NAT object ${name} of Windows claims ${address ?? "the distro's address"}, which WSL's own NAT is for`,
    remove: "Remove that NAT object, if nothing else needs it",
  },
  "vethernet-disconnected": {
    windowsAnswers: "Windows answers the distro on its switch",
    noSwitch: "the snapshot shows no adapter on WSL's switch",
    connected: ({ name }) => `${name} is connected`,
    found: ({ name }) =>
      `Windows' adapter ${name} is disconnected, so nobody on WSL's switch answers the distro`,
  },
  "resume-from-sleep": {
    unread: ({ reason }) => reason,
    otherServers: "only name servers were asked, and they are not Windows' own",
    notSince: "Windows has not slept since the machine that the distro runs in was started",
    found: ({ gets, resumedAt, windows }) =>
      `${GETS[gets]} where Windows itself gets there (${windows}), and Windows came out of sleep at ${resumedAt}, with the distro running since before: a candidate, as most that ran overnight did so, which a new start of WSL tells`,
    restart: "Start WSL anew: where it works then, it was this",
    restartService:
      "Where it does not: have Windows make WSL's network anew too, and connect the VPN again",
  },
  "fse-porttracker-missing": {
    otherMode: "neither .wslconfig nor WSL says mirrored mode",
    unread: ({ reason }) => reason,
    notSet: "PortTrackerEnabledMode is not set",
    hasService: "Windows has the service FSE",
    works: "answers come from beyond the distro",
    found:
      "PortTrackerEnabledMode is set in Windows' registry and the service FSE, which it is for, is not installed: nothing assigns ports to the distro in mirrored mode",
    remove: "Remove the value, and restart Windows",
  },
  "bridged-without-switch": {
    settingsUnread: "whether bridged mode is asked for is not known: no .wslconfig",
    otherMode: ".wslconfig does not ask for bridged mode",
    isThere: ({ name }) => `Windows has ${name}, and it is up`,
    found: ({ named }) =>
      named === null
        ? ".wslconfig asks for bridged mode and names no switch with vmSwitch="
        : `.wslconfig asks for bridged mode on the switch ${named}, and Windows has no connected adapter on a switch of that name`,
    useMirrored: "Use mirrored mode, which needs no switch",
  },
} satisfies AreaSentences<"wsl-network">;
