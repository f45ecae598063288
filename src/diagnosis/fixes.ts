// The commands that cure, with this run's values filled in, each read by command-values.ts as what it must be.

import type { Facts } from "../facts/facts.ts";
import { gatewayFor } from "../facts/reach/guest-route.ts";
import { settingsOf } from "../facts/reach/path-host.ts";
import type { LimitOwner } from "../facts/size/limit-owner.ts";
import { vantageFacts } from "../facts/vantage.ts";
import { switchOf } from "../host/ini.ts";
import type { Path } from "../model/path.ts";
import { commandAddress, commandInterface, commandServer } from "./command-values.ts";
import type { FixData } from "./diagnosis.ts";
import { sayFix } from "./words.ts";

/** The smallest MTU of a link that carries IPv6 (RFC 8200 s.5): below it Linux switches IPv6 off. */
const IPV6_MIN_MTU = 1280;

/** Fixes for a size limit that vanishes packets: tell the guest, so that it offers and sends less. */
export function mtuFixes(facts: Facts, mtu: number | null, owner: LimitOwner) {
  const device = deviceOf(facts.path);
  if (mtu === null || device === null) return [];
  // WSL1 shows Windows' own adapters and ignores changes to them (microsoft/WSL issue 3957).
  const guestOwnsLink = vantageFacts(facts.path)?.kind !== "wsl1";
  const guest = guestOwnsLink ? guestFixes(facts.path, device, mtu) : [];
  const host = owner.kind === "vpn" && owner.ifIndex !== null ? [hostFix(owner.ifIndex, mtu)] : [];
  return [...guest, ...host];
}

function guestFixes(path: Path, device: string, mtu: number) {
  const set = mtu < IPV6_MIN_MTU ? routeCommand(path, device, mtu) : null;
  const command = set ?? `ip link set dev ${device} mtu ${mtu}`;
  const boot = [
    `printf '[boot]\\ncommand = ${command}\\n' | sudo tee -a /etc/wsl.conf`,
    `sudo ${command}`,
  ];
  return [
    fix({
      where: "linux",
      title: sayFix("limitLink", { device, mtu, atEveryStart: false }),
      commands: [`sudo ${command}`],
      persistent: false,
    }),
    fix({
      where: "linux",
      title: sayFix("limitLink", { device, mtu, atEveryStart: true }),
      commands: boot,
      persistent: true,
    }),
  ];
}

/** A link below 1280 would lose IPv6, so there the default route gets the limit. */
function routeCommand(path: Path, device: string, mtu: number): string | null {
  const lookup = path.lookups.at(-1);
  const route = lookup && gatewayFor(path.routes?.routes ?? [], lookup.address);
  if (lookup === undefined || !route?.prefix.endsWith("/0")) return null;
  const gateway = commandAddress(route.gateway ?? "");
  if (gateway === null) return null;
  const family = lookup.family === 6 ? "-6 " : "";
  return `ip ${family}route change default via ${gateway} dev ${device} mtu ${mtu}`;
}

function hostFix(ifIndex: number, mtu: number) {
  return fix({
    where: "windows-admin",
    title: sayFix("limitVpn"),
    commands: setAdapterMtu(ifIndex, mtu),
    persistent: true,
  });
}

/** Windows' own limit of an adapter, in both families; `mtu` in bytes. */
export function setAdapterMtu(ifIndex: number, mtu: number): readonly string[] {
  return ["ipv4", "ipv6"].map(
    (family) => `netsh interface ${family} set subinterface ${ifIndex} mtu=${mtu} store=persistent`,
  );
}

/** What Windows adds to the metric of each route of an adapter. */
export function setAdapterMetric(ifIndex: number, metric: number): string {
  return `Set-NetIPInterface -InterfaceIndex ${ifIndex} -InterfaceMetric ${metric}`;
}

/** The interface that packets to the target leave by, when its name is safe to print in a command. */
function deviceOf(path: Path): string | null {
  const outcome = path.lookups.at(-1)?.outcome;
  return outcome?.kind === "route" ? commandInterface(outcome.interface) : null;
}

/** glibc reads three name servers and no more (resolv.h, MAXNS). */
const MAX_SERVERS = 3;

/** Fixes that write resolv.conf by hand; none where no server is an address. */
export function resolvConfFixes(
  named: readonly string[],
  whose: "queryVpnServer" | "queryWindowsServers" = "queryVpnServer",
) {
  const servers = named.flatMap((server) => commandServer(server) ?? []);
  if (servers.length === 0) return [];
  const lines = servers.slice(0, MAX_SERVERS).map((server) => `nameserver ${server}\\n`);
  const write = `printf '${lines.join("")}' | sudo tee /etc/resolv.conf`;
  return [
    fix({
      where: "linux",
      title: sayFix(whose),
      commands: [write],
      persistent: false,
    }),
    fix({
      where: "linux",
      title: sayFix("keepFile"),
      commands: [
        "printf '[network]\\ngenerateResolvConf=false\\n' | sudo tee -a /etc/wsl.conf",
        "sudo rm -f /etc/resolv.conf",
        write,
      ],
      persistent: true,
    }),
  ];
}

/** Puts a server that answers before the others; none for null. */
export function askFirstFixes(named: string | null) {
  const server = commandServer(named ?? "");
  if (server === null) return [];
  return rewriteResolvConf(sayFix("askFirst", { server }), `1i nameserver ${server}`);
}

/**
 * Changes resolv.conf by a script of sed in place: the file may be a link to the one that WSL writes, or a mount, as in
 * containers, which `sed -i` cannot replace.
 */
export function rewriteResolvConf<Title extends FixData["title"]>(title: Title, script: string) {
  const file = "/etc/resolv.conf";
  return [
    fix({
      where: "linux",
      title,
      commands: [`sudo sh -c 'c=$(sed "${script}" ${file}) && echo "$c" > ${file}'`],
      persistent: false,
    }),
  ];
}

/** Lets Windows answer in the distro's place, unless .wslconfig asks for it already. */
export function tunnelFixes(path: Path) {
  const settings = settingsOf(path);
  if (settings !== null && switchOf(settings, "wsl2.dnsTunneling") === true) return [];
  return [
    fix({
      where: "windows",
      title: sayFix("windowsResolves"),
      commands: [
        'Add-Content "$env:USERPROFILE\\.wslconfig" "`n[wsl2]`ndnsTunneling=true"',
        "wsl --shutdown",
      ],
      persistent: true,
    }),
  ];
}

/** Has WSL write resolv.conf again, after what kept it from that is gone. */
export function wslWritesFileFix(commands: readonly string[]) {
  return fix({
    where: "linux",
    title: sayFix("wslWritesFile"),
    // Not every distro has the file.
    commands: [
      ...commands,
      "sudo touch /etc/wsl.conf && sudo sed -i '/generateResolvConf/d' /etc/wsl.conf",
    ],
    persistent: true,
  });
}

/** Keeps the title's type, from which `src/report/words` knows what is said. */
export function fix<Data extends FixData>(data: Data): Data {
  return data;
}
