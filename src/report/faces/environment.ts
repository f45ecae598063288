// What a bug report asks about the machine: versions and software, as far as the run's events hold them.

import { guestView } from "../../facts/reach/path-host.ts";
import { vpnAdapters } from "../../host/vpn.ts";
import { wslVersions } from "../../host/wsl-settings.ts";
import { pathOf } from "../../model/reduce.ts";
import type { Report } from "../../schema/report.ts";

/** Null what the run did not read. */
export interface Environment {
  readonly windows: string | null;
  readonly wsl: string | null;
  readonly wslKind: string;
  readonly kernel: string;
  readonly distribution: string | null;
  /** VPN adapters that are up, with their drivers' names. */
  readonly software: readonly string[];
}

export function environmentOf({ events, vantage }: Report): Environment {
  const path = pathOf(events);
  const snapshot = path.host?.snapshot ?? null;
  const versions = snapshot === null ? null : wslVersions(snapshot);
  const vpns = snapshot === null ? [] : vpnAdapters(snapshot, guestView(path));
  const { kind, networkingMode, kernel } = vantage;
  const mode = networkingMode === null ? "" : `, ${networkingMode}`;
  return {
    windows: versions?.windows ?? null,
    wsl: versions?.version ?? path.vantage?.wslVersion ?? null,
    wslKind: `${KINDS[kind]}${mode}`,
    kernel,
    distribution: path.vantage?.distribution ?? null,
    software: vpns.map(({ name, description }) =>
      description === null || description === name ? name : `${name} (${description})`,
    ),
  };
}

const KINDS = { wsl1: "WSL 1", wsl2: "WSL 2", linux: "Linux" } as const;

/** What others stand for, with how many of each; null where nothing was redacted. */
export function redactedKinds({ redaction }: Report): readonly string[] | null {
  if (redaction === undefined || !redaction.applied) return null;
  return redaction.replaced.map(({ kind, values }) => `${kind} ${values}`);
}
