// Commands for Windows' firewall about WSL's switch, with its name as the snapshot has it.

import type { Facts } from "../facts/facts.ts";
import { fix } from "./fixes.ts";
import { sayFix } from "./words.ts";

/** Names that need no more than single quotes in PowerShell. */
const PLAIN_ALIAS = /^[A-Za-z0-9 ()._-]{1,80}$/;

/** Lets the distro's packets in; where policy ignores local rules, only its administrator can. */
export function switchFixes({ relation }: Facts) {
  const alias = relation?.kind === "nat" ? relation.adapter.name : "";
  if (!PLAIN_ALIAS.test(alias)) return [];
  return [
    fix({
      where: "windows-admin",
      title: sayFix("letIn"),
      commands: [
        `New-NetFirewallRule -DisplayName 'WSL' -Direction Inbound -InterfaceAlias '${alias}' -Action Allow`,
      ],
      persistent: true,
    }),
  ];
}

/** Has WSL make its network, and the firewall rules of it, anew. */
export function renewHnsFixes() {
  return [
    fix({
      where: "windows-admin",
      title: sayFix("renewRule"),
      commands: [
        "wsl --shutdown",
        "Get-NetFirewallRule -Name 'HNS*' | Get-NetFirewallPortFilter | Where-Object Protocol -eq UDP | Where-Object LocalPort -eq 53 | Remove-NetFirewallRule",
        "Restart-Service hns",
      ],
      persistent: true,
    }),
  ];
}
