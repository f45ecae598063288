// What was read of this machine and of Windows, as plain text.

import { formatProgramProxy } from "../diagnosis/proxy-words.ts";
import type { EnvReport, HostPath } from "../schema/env-report.ts";
import { printable } from "./escape.ts";
import { hanging, padded } from "./text-layout.ts";

/** Everything that was read, and for each choice what decided it. */
export function envText(report: EnvReport): string {
  const lines = [
    ...section("This distro", distroLines(report)),
    ...section("Settings of WSL", settingLines(report)),
    ...section("Names", resolverLines(report)),
    ...section("Proxies", proxyLines(report)),
    ...section("Chain, as read: nothing was sent", chainLines(report)),
    ...section("Windows", hostLines(report)),
    ...section("Windows' adapters", adapterLines(report)),
    ...section("Windows' outbound path", pathsLines(report.host.ways)),
    ...section("Not read", missingLines(report)),
    ...section("Privileges", privilegeLines(report)),
  ];
  return `${lines.slice(1).map(printable).join("\n")}\n`;
}

export function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, "", ...lines];
}

/** Where a program has another than the environment names, that is said. */
function proxyLines({ proxies }: EnvReport): string[] {
  const { environment = null, programs = [] } = proxies ?? {};
  const own =
    environment === null
      ? []
      : hanging("  ", `programs take ${environment.proxy} (${environment.variable})`);
  const others = programs.flatMap((one) => {
    const differs = one.proxy !== (environment?.proxy ?? null);
    const note = differs ? ", which is not what the environment names" : "";
    return hanging("  ", `${formatProgramProxy(one)}${note}`);
  });
  return [...own, ...others];
}

const VANTAGES = { wsl1: "WSL1", wsl2: "WSL2", linux: "Linux" } as const;

function distroLines({ vantage, interfaces, routes }: EnvReport): string[] {
  if (vantage === null) return ["  ? nothing could be read"];
  const { networkingMode: mode, modeBasis, interop, wslVersion } = vantage;
  const because = modeBasis === undefined ? "" : ` (${modeBasis})`;
  const version = wslVersion == null ? "" : `, WSL ${wslVersion}`;
  return [
    ...hanging(
      "  ",
      `${VANTAGES[vantage.vantage]}, kernel ${vantage.kernel}${version}: ${vantage.basis}`,
    ),
    ...(mode === null ? [] : hanging("  ", `networking mode ${mode}${because}`)),
    ...(interop === undefined || vantage.vantage === "linux"
      ? []
      : hanging("  ", `Windows programs: ${interop.handler}`)),
    ...interfaces
      .filter(({ loopback }) => !loopback)
      .flatMap(({ name, mtu, up, addresses }) => {
        const own = addresses.map(({ address, prefixLength }) => `${address}/${prefixLength}`);
        const shown = own.length === 0 ? "no address" : own.join(" ");
        return hanging("  ", `${name}: mtu ${mtu}, ${up ? "up" : "down"}, ${shown}`);
      }),
    ...routes
      .filter(({ prefix }) => prefix.endsWith("/0"))
      .flatMap(({ prefix, gateway, interface: device, metric }) =>
        hanging("  ", `${prefix} via ${gateway ?? "the link"} dev ${device} metric ${metric}`),
      ),
  ];
}

function settingLines({ settings, vantage }: EnvReport): string[] {
  if (vantage === null || (vantage.vantage === "linux" && settings.wslconfig === null)) return [];
  const { wslConf, wslconfig, wslconfigReason, windows, wslOnWindows, notes } = settings;
  const versions = [
    ...(windows === null ? [] : [`Windows ${windows}`]),
    ...(wslOnWindows === null ? [] : [`WSL ${wslOnWindows}`]),
  ];
  return [
    ...(versions.length === 0 ? [] : hanging("  ", versions.join(", "))),
    ...hanging("  ", `/etc/wsl.conf: ${formatSettings(wslConf, "there is none")}`),
    ...hanging(
      "  ",
      `.wslconfig: ${formatSettings(wslconfig, `? ${wslconfigReason ?? "not read"}`)}`,
    ),
    ...notes.flatMap((note) => hanging("  ! ", note)),
  ];
}

function formatSettings(
  settings: Readonly<Record<string, string>> | null,
  without: string,
): string {
  if (settings === null) return without;
  const words = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return words.length === 0 ? "nothing is set" : words.join(", ");
}

function resolverLines({ resolver }: EnvReport): string[] {
  if (resolver === null) return ["  ? not read"];
  const { path, servers, variant, generatedByWsl, problem, search } = resolver;
  const who = generatedByWsl ? "written by WSL" : "not written by WSL";
  const named = servers.length === 0 ? "no server" : servers.join(", ");
  return [
    ...hanging("  ", `${path} (${who}): ${named}`),
    ...(search.length === 0 ? [] : hanging("  ", `search ${search.join(" ")}`)),
    ...(variant == null ? [] : hanging("  ", `name resolution: ${variant}`)),
    ...(problem === null ? [] : hanging("  ! ", problem)),
  ];
}

const KIND_WIDTH = 14;

function chainLines({ chain }: EnvReport): string[] {
  return chain.flatMap(({ kind, name, address, mtu, metric, source }) => {
    const metrics = metric === null ? "" : ` metric ${metric[4] ?? "?"}`;
    const own = address === null || address === name ? "" : ` ${address}`;
    const size = mtu === null ? "" : ` mtu ${mtu}`;
    return hanging(`  ${padded(kind, KIND_WIDTH)} `, `${name}${own}${size}${metrics} (${source})`);
  });
}

function hostLines({ host }: EnvReport): string[] {
  const { origin, reason, collectedAt, relation } = host;
  if (origin === "none") return hanging("  ? ", reason ?? "no snapshot");
  const from = origin === "file" ? "a saved snapshot" : "Windows itself";
  return [
    ...hanging("  ", `from ${from}, as it was ${collectedAt ?? "at an unknown time"}`),
    ...(reason === null ? [] : hanging("  ! ", reason)),
    ...(relation === null ? [] : hanging("  ", `${relation.kind}: ${relation.because}`)),
  ];
}

function adapterLines({ host }: EnvReport): string[] {
  return host.adapters.flatMap(({ name, kind, up, mtu, metric, addresses, because }) => {
    const state = up === null ? "state unknown" : up ? "up" : "down";
    const figures = `mtu ${mtu[4] ?? mtu[6] ?? "?"}, metric ${metric[4] ?? metric[6] ?? "?"}`;
    const own = addresses.length === 0 ? "" : `, ${addresses.join(" ")}`;
    const sign = up === false ? "-" : "+";
    const lead = `  ${sign} ${padded(kind, KIND_WIDTH)} `;
    return hanging(lead, `${name}: ${state}, ${figures}${own} (${because})`);
  });
}

/** What two families share is said once. */
function pathsLines(paths: readonly HostPath[]): string[] {
  const reasons = [...new Set(paths.map(({ because }) => because.join("; ")))];
  return reasons.flatMap((shared) => {
    const same = paths.filter(({ because }) => because.join("; ") === shared);
    const unknown = same.filter(({ adapter }) => adapter === null);
    const known = same.filter(({ adapter }) => adapter !== null);
    const targets = unknown.map(({ address }) => address).join(" and ");
    const families = unknown.map(({ family }) => `IPv${family}`).join(", ");
    return [
      ...(unknown.length === 0
        ? []
        : hanging(`  ${families}  `, `to ${targets}: not known (${shared})`)),
      ...known.flatMap(pathLine),
      ...(known[0]?.because ?? []).flatMap((reason) => hanging("        ", reason)),
    ];
  });
}

function pathLine({ family, address, adapter, nextHop, mtu, vpn }: HostPath): string[] {
  const via = nextHop === null ? "on the link" : `via ${nextHop}`;
  const size = mtu === null ? "" : `, mtu ${mtu}`;
  const tunnel = vpn === null || vpn === "none" ? "" : `, ${vpn} tunnel`;
  return hanging(`  IPv${family}  `, `to ${address}: ${adapter} ${via}${size}${tunnel}`);
}

function missingLines({ host, unreadable }: EnvReport): string[] {
  return [
    ...unreadable.flatMap(({ what, reason }) => hanging("  ? ", `${what}: ${reason}`)),
    ...host.missing.flatMap(({ source, reason }) => hanging("  ? ", `${source}: ${reason}`)),
  ];
}

export function privilegeLines({ ladder }: EnvReport): string[] {
  return ladder.flatMap(({ rung, available, reason, enable }) => [
    ...hanging(available ? "  + " : "  ? ", reason === null ? rung : `${rung}: ${reason}`),
    ...(available || enable === null ? [] : [`      $ ${enable}`]),
  ]);
}
