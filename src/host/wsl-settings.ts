// WSL's own settings in a snapshot: .wslconfig, policies, the version, and Windows' build.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import { parseSettings, type Settings } from "./ini.ts";
import { hostText } from "./setting-rows.ts";
import { readSource, rowsOf } from "./sources.ts";
import { field, integerOf, textOf } from "./values.ts";

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

/** A number of the registry by the end of its key's path and its name; null when it is not there. */
export function registryNumber(
  snapshot: HostSnapshot,
  pathEnd: string,
  name: string,
): number | null {
  const rows = rowsOf(
    readSource(snapshot, "registry", (fields) => ({
      path: textOf(field(fields, "Path")) ?? "",
      name: textOf(field(fields, "Name")) ?? "",
      value: numberOf(field(fields, "Value")),
    })),
  );
  const wanted = rows.find(
    (row) =>
      row.path.toLowerCase().replace(/\\+$/, "").endsWith(pathEnd.toLowerCase()) &&
      row.name.toLowerCase() === name.toLowerCase(),
  );
  return wanted?.value ?? null;
}

function numberOf(value: unknown): number | null {
  const text = textOf(value);
  if (text !== null && /^0x[0-9a-f]{1,8}$/i.test(text)) return Number(text);
  return integerOf(value);
}
