// The commands of Windows on the pages of causes, and stand-ins that take no other parameters than Windows' own do.

import { readFile } from "node:fs/promises";
import { CAUSES } from "../../src/diagnosis/causes/list.ts";

export interface PageBlock {
  readonly cause: string;
  /** As it would be pasted, with something in the place of each placeholder. */
  readonly text: string;
}

/** What is typed in PowerShell: a cmdlet, a variable, a folder of the registry, or a program of Windows. */
const OF_WINDOWS =
  /^\s*(\(?[A-Z][a-z]+-[A-Z]\w+|\$\w+ = |cd HKLM:|(wsl|netsh|pktmon|net)( |$)|\w+\.exe )/;

/** Every block of code on the pages that is for PowerShell. */
export async function pageBlocks(): Promise<readonly PageBlock[]> {
  const pages = await Promise.all(
    CAUSES.map(async ({ id, area }) => {
      const file = new URL(`../../src/diagnosis/causes/${area}/${id}.md`, import.meta.url);
      return blocksOf(await readFile(file, "utf8")).map((text) => ({ cause: id, text }));
    }),
  );
  return pages.flat().filter(({ text }) => OF_WINDOWS.test(text));
}

function blocksOf(page: string): readonly string[] {
  const blocks: string[][] = [[]];
  for (const line of page.split("\n")) {
    if (/^ {4}/.test(line)) blocks.at(-1)?.push(line.slice(4));
    else if (blocks.at(-1)?.length !== 0) blocks.push([]);
  }
  return blocks.map((lines) => lines.join("\n").replace(/<[^<>\n]+>/g, "7"));
}

/**
 * Parameters by Microsoft's cmdlet reference: those without a mark may be named alone, "*" may come by place too, in
 * this order, "!" has to be given, "?" is a switch, and "<" may come through the pipeline.
 */
const CMDLETS: Readonly<Record<string, string>> = {
  "Add-Content": "Path*! Value*!",
  "Disable-NetAdapter": "Name*! Confirm",
  "Disable-NetAdapterBinding": "Name*! ComponentID IncludeHidden?",
  "Disable-NetAdapterChecksumOffload": "Name*!",
  "Disable-NetAdapterLso": "Name*! IncludeHidden? IPv4? IPv6?",
  "Disable-VMSwitchExtension": "Name*! VMSwitchName*!",
  "Format-Table": "Property* AutoSize? InputObject<",
  "Get-DnsClientNrptPolicy": "Namespace* Effective?",
  "Get-DnsClientServerAddress": "InterfaceAlias* AddressFamily",
  "Get-HnsNetwork": "Id*",
  "Get-NetAdapter": "Name* IncludeHidden? Physical?",
  "Get-NetAdapterStatistics": "Name*",
  "Get-NetFirewallHyperVRule": "Name* PolicyStore",
  "Get-NetFirewallHyperVVMSetting": "Name* PolicyStore",
  "Get-NetFirewallPortFilter": "AssociatedNetFirewallRule< All?",
  "Get-NetFirewallRule": "Name* DisplayName PolicyStore",
  "Get-NetIPAddress": "IPAddress* InterfaceAlias",
  "Get-NetIPInterface": "InterfaceAlias* ConnectionState AddressFamily",
  "Get-NetNat": "Name*",
  "Get-NetNeighbor": "IPAddress* InterfaceAlias",
  "Get-NetRoute": "DestinationPrefix* InterfaceAlias",
  "Get-NetTCPConnection": "LocalAddress* LocalPort* State",
  "Get-Service": "Name*",
  "Get-VMSwitch": "Name*",
  "Get-VMSwitchExtension": "VMSwitch!<",
  "Get-WinEvent": "LogName* MaxEvents FilterHashtable",
  "New-NetFirewallHyperVRule":
    "Name! DisplayName! Direction VMCreatorId Protocol LocalPorts Action",
  "New-NetFirewallRule": "DisplayName! Direction Protocol LocalPort InterfaceAlias Action",
  "Remove-HnsNetwork": "Network!<",
  "Remove-ItemProperty": "Path*! Name*!",
  "Remove-NetFirewallRule": "Name* InputObject<",
  "Remove-NetNat": "Name*!",
  "Restart-Computer": "ComputerName* Force?",
  "Restart-NetAdapter": "Name*!",
  "Restart-Service": "Name*! Force?",
  "Set-Location": "Path*",
  "Set-ItemProperty": "Path*! Name*! Value*!",
  "Set-NetFirewallHyperVRule": "Name! Enabled Action",
  "Set-NetFirewallHyperVVMSetting": "Name! DefaultInboundAction DefaultOutboundAction",
  "Set-NetIPInterface": "InterfaceAlias* InterfaceIndex InterfaceMetric NlMtuBytes",
  "Set-Service": "Name*! StartupType",
  "Start-Process": "FilePath*! ArgumentList* Verb",
  "Start-Service": "Name*!",
  "Start-Sleep": "Seconds*!",
  "Test-NetConnection": "ComputerName* Port InformationLevel",
};

/** Programs, which take whatever they are given. */
const PROGRAMS = [
  "wsl",
  "netsh",
  "pktmon",
  "net",
  "curl.exe",
  "ping.exe",
  "tracert.exe",
  "netsh.exe",
  "route.exe",
];

/** PowerShell's own, which change nothing. */
const OWN = ["Where-Object", "Sort-Object"];

/** What a block may call without calling something real. */
export const KNOWN_COMMANDS: ReadonlySet<string> = new Set([
  ...Object.keys(CMDLETS),
  ...PROGRAMS,
  ...OWN,
  "cd",
]);

/** The stand-ins: each writes one object, so that a pipeline has something to carry. */
export function standIns(): string {
  const cmdlets = Object.entries(CMDLETS).map(([name, parameters]) => {
    const declared = parameters.split(" ").map(declarationOf).join(", ");
    return `function ${name} { [CmdletBinding(PositionalBinding = $false)] param(${declared})\n process { @{ Name = 'one'; Vendor = 'x'; Protocol = 'UDP'; LocalPort = '53'; Action = 'Block' } } }`;
  });
  return [...cmdlets, ...PROGRAMS.map((name) => `function ${name} { 'ran' }`)].join("\n");
}

function declarationOf(text: string, place: number): string {
  const name = text.replace(/[*!?<]/g, "");
  const attributes = [
    ...(text.includes("*") ? [`Position = ${place}`] : []),
    ...(text.includes("!") ? ["Mandatory = $true"] : []),
    ...(text.includes("<") ? ["ValueFromPipeline = $true"] : []),
  ];
  const shape = text.includes("?") ? "[switch]" : "";
  return `${attributes.length === 0 ? "" : `[Parameter(${attributes.join(", ")})]`}${shape}$${name}`;
}
