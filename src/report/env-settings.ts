// The settings of WSL's two files, and where they differ from what is in force.

import { readHost } from "../host/host.ts";
import { type Settings, switchOf } from "../host/ini.ts";
import { wslSettings, wslVersions } from "../host/wsl-settings.ts";
import type { Path } from "../model/path.ts";
import type { EnvReport } from "../schema/env-report.ts";

export function settingsOf(path: Path): EnvReport["settings"] {
  const { wslConf } = path.vantage ?? {};
  const snapshot = path.host?.snapshot ?? null;
  const wslconfig = snapshot === null ? null : wslSettings(snapshot);
  const versions = snapshot === null ? null : wslVersions(snapshot);
  return {
    wslConf: wslConf ?? null,
    wslconfig: wslconfig === null ? null : Object.fromEntries(wslconfig),
    // A file that is not there is as good as an empty one; one that was not read is neither.
    wslconfigReason: wslconfig === null ? whyWithout(path) : null,
    windows: versions?.windows ?? null,
    wslOnWindows: versions?.version ?? null,
    notes: [
      ...(wslconfig === null ? [] : modeNotes(path, wslconfig)),
      ...(wslconfig === null ? [] : dnsNotes(path, wslconfig)),
      ...guestNotes(new Map(Object.entries(wslConf ?? {}))),
    ],
  };
}

function whyWithout({ host }: Path): string {
  const snapshot = host?.snapshot ?? null;
  if (snapshot === null) return host?.reason ?? "there is no snapshot";
  const source = readHost(snapshot).wslconfig;
  return source.state === "error" ? source.error : "not collected";
}

/** Older builds have another name for the same (MicrosoftDocs, wsl-config.md). */
const plainMode = (mode: string) => (mode === "virtioproxy" ? "consomme" : mode);

function modeNotes({ vantage }: Path, settings: Settings): readonly string[] {
  const configured = settings.get("wsl2.networkingmode")?.toLowerCase();
  const inForce = vantage?.networkingMode ?? null;
  if (configured === undefined || inForce === null || plainMode(configured) === plainMode(inForce))
    return [];
  return [
    `.wslconfig sets networkingMode=${configured}, but ${inForce} is in force: WSL was not restarted, or fell back`,
  ];
}

function dnsNotes({ resolverConfig }: Path, settings: Settings): readonly string[] {
  const configured = switchOf(settings, "wsl2.dnsTunneling");
  const variant = resolverConfig?.variant ?? null;
  if (configured === null || variant === null || configured === (variant === "dns-tunnel"))
    return [];
  return [
    configured
      ? `.wslconfig sets dnsTunneling=true, but resolv.conf shows ${variant}`
      : ".wslconfig sets dnsTunneling=false, but resolv.conf shows the DNS tunnel",
  ];
}

function guestNotes(settings: Settings): readonly string[] {
  const off = (name: string) => switchOf(settings, name) === false;
  return [
    ...(off("network.generateResolvConf")
      ? ["wsl.conf keeps WSL from writing /etc/resolv.conf: what stands there was written by hand"]
      : []),
    ...(off("interop.enabled") ? ["wsl.conf switches Windows programs off"] : []),
    ...(off("interop.appendWindowsPath") ? ["wsl.conf keeps Windows' folders out of PATH"] : []),
  ];
}
