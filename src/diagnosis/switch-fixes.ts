// Commands for Windows' firewall about WSL's switch, with its name as the snapshot has it.

import type { Facts } from "../facts/facts.ts";
import type { Fix } from "../schema/verdict.ts";

/** Names that need no more than single quotes in PowerShell. */
const PLAIN_ALIAS = /^[A-Za-z0-9 ()._-]{1,80}$/;

/** Lets the distro's packets in; where policy ignores local rules, only its administrator can. */
export function switchFixes({ relation }: Facts): readonly Fix[] {
  const alias = relation?.kind === "nat" ? relation.adapter.name : "";
  if (!PLAIN_ALIAS.test(alias)) return [];
  return [
    {
      where: "windows-admin",
      title: "Let packets from the distro in (by group policy, where that ignores local rules)",
      commands: [
        `New-NetFirewallRule -DisplayName 'WSL' -Direction Inbound -InterfaceAlias '${alias}' -Action Allow`,
      ],
      persistent: true,
    },
  ];
}

/** Has WSL make its network, and the firewall rules of it, anew. */
export function renewHnsFixes(): readonly Fix[] {
  return [
    {
      where: "windows-admin",
      title: "Have the Host Network Service make its DNS rule anew",
      commands: [
        "wsl --shutdown",
        "Get-NetFirewallRule -Name 'HNS*' | Get-NetFirewallPortFilter | Where-Object Protocol -eq UDP | Where-Object LocalPort -eq 53 | Remove-NetFirewallRule",
        "Restart-Service hns",
      ],
      persistent: true,
    },
  ];
}
