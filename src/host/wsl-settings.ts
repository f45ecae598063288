// WSL's own settings in a snapshot: .wslconfig, policies, the version, and Windows' build.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import { readHost } from "./host.ts";
import { parseSettings, type Settings } from "./ini.ts";
import { memo } from "./memo.ts";
import type { WslRow } from "./rows/wsl.ts";
import { rowsOf } from "./sources.ts";
import { integerOf } from "./values.ts";

/** The settings of .wslconfig; null when the snapshot does not hold the file's text. */
export const wslSettings = memo((snapshot: HostSnapshot): Settings | null => {
  const [file] = rowsOf(readHost(snapshot).wslconfig);
  return file === undefined ? null : parseSettings(file.text);
});

/** The versions of WSL and Windows; null when they were not read. */
export function wslVersions(snapshot: HostSnapshot): WslRow | null {
  return rowsOf(readHost(snapshot).wsl)[0] ?? null;
}

/** Windows' build number, as of "10.0.22631.4317"; null when it is not there. */
export function windowsBuild(snapshot: HostSnapshot): number | null {
  const build = /^10\.0\.(\d{5})\b/.exec(wslVersions(snapshot)?.windows ?? "")?.[1];
  return build === undefined ? null : Number(build);
}

/** A number of the registry by the end of its key's path and its name; null when it is not there. */
export function registryNumber(
  snapshot: HostSnapshot,
  pathEnd: string,
  name: string,
): number | null {
  const row = rowsOf(readHost(snapshot).registry).find(
    (one) =>
      one.path.toLowerCase().replace(/\\+$/, "").endsWith(pathEnd.toLowerCase()) &&
      one.name?.toLowerCase() === name.toLowerCase(),
  );
  return numberOf(row?.value?.[0]);
}

function numberOf(text: string | undefined): number | null {
  if (text !== undefined && /^0x[0-9a-f]{1,8}$/i.test(text)) return Number(text);
  return integerOf(text);
}
