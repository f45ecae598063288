// The line about Windows below the headline, where something about what is known of it needs to be said.

import type { HostSource } from "./host-source.ts";

/** Null where what is known is of this run's time and nothing is missing, or where there is no Windows. */
export function hostWords(host: HostSource, isWsl: boolean): string | null {
  const { origin, reason, collectedAt, age, relation, because } = host;
  if (origin === "none") return isWsl ? `not known: ${reason ?? "no reason was recorded"}` : null;
  const made = collectedAt === null ? "of an unknown time" : `of ${collectedAt}`;
  const older = age === null ? "" : `, ${age} older than this run`;
  const source = origin === "file" ? `a saved snapshot ${made}${older}` : "asked in this run";
  const doubts = [
    ...(relation === "unrelated" || relation === "unknown" ? [notUsed(relation, because)] : []),
    ...(reason === null ? [] : [reason]),
  ];
  if (doubts.length === 0 && age === null) return null;
  return [source, ...doubts].join("; ");
}

function notUsed(relation: "unrelated" | "unknown", because: string | null): string {
  const restarts =
    relation === "unrelated"
      ? " (WSL's network changes when WSL restarts; wsl-trace host --save FILE makes a new one)"
      : "";
  return `its routes are left out: ${because ?? "it does not say enough"}${restarts}`;
}
