// The networking mode that .wslconfig asks for, and how another one is set.

import type { Settings } from "../../../host/ini.ts";
import type { FixData } from "../../diagnosis.ts";
import { fix } from "../../fixes.ts";
import { sayFix } from "../../words.ts";

/** The mode in which WSL gives the distro no network card. */
export const NONE = "none";

const FILE = '"$env:USERPROFILE\\.wslconfig"';

/** In lower case; null where the file says nothing, which is NAT. */
export function askedMode(settings: Settings): string | null {
  // Once an experiment, and still read there.
  const asked = settings.get("wsl2.networkingmode") ?? settings.get("experimental.networkingmode");
  return asked?.trim().toLowerCase() ?? null;
}

/** Takes WSL's networks out of the Host Network Service: WSL makes them at its next start. */
export const RENEW_NETWORK = fix({
  where: "windows-admin",
  title: sayFix("renewNetwork"),
  commands: [
    "wsl --shutdown",
    "Get-HnsNetwork | Where-Object Name -in 'WSL','WSL (Hyper-V firewall)' | Remove-HnsNetwork",
  ],
  persistent: false,
});

/** Writes another mode into the file's line, and has WSL start anew. */
export function setMode<Title extends FixData["title"]>(title: Title, mode: "nat" | "mirrored") {
  return fix({
    where: "windows",
    title,
    commands: [
      `(Get-Content ${FILE}) -replace '^\\s*networkingMode\\s*=.*', 'networkingMode=${mode}' | Set-Content ${FILE}`,
      "wsl --shutdown",
    ],
    persistent: true,
  });
}
