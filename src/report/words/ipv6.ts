// What the rules about IPv6 say.

import type { AreaSentences } from "./sentence.ts";

const HEX = 16;

export const IPV6_SENTENCES = {
  "ipv6-preferred-but-dead": {
    notFirst: "programs do not use IPv6 first",
    noIpv4: "IPv6 connects, or there is no IPv4 to compare with",
    ipv4Fails: "IPv4 does not connect either",
    connectsLater: "IPv6 connects, later",
    refused: "IPv6 passes, and is refused",
    onlyOnce: "IPv6 was attempted only once",
    found: ({ first, tried, code, other }) =>
      `${first} comes first by the address selection and does not connect (${code ?? `${tried} connections get no answer`}), while ${other} does: programs fall back only after their time-out, if at all`,
    preferIpv4: "Prefer IPv4 (programs that use getaddrinfo)",
    switchOff: "Switch IPv6 off until the distro starts again",
  },
  "ipv6-disabled-by-registry": {
    notSwitchedOff: "the registry does not switch IPv6 off",
    noModeConfigured: "the snapshot does not show which mode is configured",
    notMirrored: "mirrored mode is not configured",
    modeUnknown: "which mode is in force is not known",
    mirroredInForce: "mirrored mode is in force",
    found: ({ inForce, value }) =>
      `.wslconfig sets mirrored mode and ${inForce} is in force: DisabledComponents 0x${value.toString(HEX)} of Tcpip6 switches IPv6 off in Windows, which mirroring needs`,
    enable: "Enable IPv6 in Windows again (then restart it)",
  },
} satisfies AreaSentences<"ipv6">;
