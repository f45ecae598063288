// What a snapshot says about WSL's own settings: .wslconfig, policies, the version, and Windows' build.

import { parseSettings, type Settings } from "../ini.ts";
import type { HostSnapshot } from "./schema.ts";
import { hostText } from "./setting-rows.ts";

/** The settings of .wslconfig; null when the snapshot does not hold the file's text. */
export function wslSettings(snapshot: HostSnapshot): Settings | null {
  const text = hostText(snapshot, "wslconfig");
  return text === null ? null : parseSettings(text);
}

/** Windows' build number, as of "10.0.22631.4317"; null when it is not there. */
export function windowsBuild(snapshot: HostSnapshot): number | null {
  const build = /^10\.0\.(\d{5})\b/.exec(hostText(snapshot, "wsl", "windows") ?? "")?.[1];
  return build === undefined ? null : Number(build);
}
