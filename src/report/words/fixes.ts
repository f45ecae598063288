// What the fixes that several causes have do.

import type { SharedSaid } from "../../diagnosis/causes/said.ts";
import type { SentencesFor } from "./sentence.ts";

export const FIX_SENTENCES = {
  limitLink: ({ device, mtu, atEveryStart }) =>
    `Let ${device} offer and send no more than ${mtu} bytes${atEveryStart ? ", at every start of the distro" : ""}`,
  limitVpn: "Give the VPN adapter that limit in Windows, where WSL copies its MTU from",
  queryVpnServer: "Ask the VPN's name server until WSL writes the file anew",
  queryWindowsServers: "Query Windows' name servers until WSL writes the file",
  askFirst: ({ server }) => `Ask ${server}, which answers, first, until WSL rewrites the file`,
  keepFile: "Keep it: WSL writes the file no more (then run wsl --shutdown in Windows)",
  wslWritesFile: "Let WSL write the file again (then run wsl --shutdown in Windows)",
  windowsResolves: "Let Windows resolve for WSL2 (Windows 11 22H2 or later), NRPT and TCP included",
  letIn: "Let packets from the distro in (by group policy, where that ignores local rules)",
  renewNetwork: "Let WSL make its network in the Host Network Service anew",
  renewRule: "Have the Host Network Service make its DNS rule anew",
  seeFilters: "See which filter of Windows drops, and whose it is",
  countDrops: "Count what each component of Windows drops while the trace runs again",
} satisfies SentencesFor<SharedSaid<"fixes">>;
