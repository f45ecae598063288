// Products that filter in Windows, by what they call themselves and their filters.

/** What security products call themselves, and their filters, as Get-NetAdapterBinding shows both. */
const SECURITY: readonly (readonly [RegExp, string])[] = [
  [/kaspersky|\bklim\d/i, "Kaspersky"],
  [/\bavast|\basw(net|ndis)/i, "Avast"],
  [/\bavg(net|ndis|\b)/i, "AVG"],
  [/symantec|teefer|\bsep\b|\bnorton/i, "Symantec"],
  [/mcafee|trellix|\bmfe/i, "Trellix (McAfee)"],
  [/forcepoint|websense/i, "Forcepoint"],
  [/\beset\b|epfw/i, "ESET"],
  [/bitdefender|\bbdndis/i, "Bitdefender"],
  [/trend ?micro|\btm(lwf|wfp)/i, "Trend Micro"],
  [/sophos/i, "Sophos"],
  [/f-?secure|withsecure/i, "WithSecure"],
  [/zonealarm|vsdatant/i, "ZoneAlarm"],
  [/sentinelone|crowdstrike|cortex|carbon ?black|cylance/i, "an endpoint agent"],
  [/comodo|\binspect\b.*firewall|g ?data|netlimiter|simplewall|tinywall|glasswire/i, "a firewall"],
];

/** Null where no known one shows in the words. */
export function securityProduct(words: string): string | null {
  return SECURITY.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}

/** Clients that can block what is outside their tunnel. */
const VPNS =
  /mullvad|nordlynx|nordvpn|proton ?vpn|expressvpn|lightway|windscribe|surfshark|private internet access/i;

export function isSwitchingVpn(words: string): boolean {
  return VPNS.test(words);
}
