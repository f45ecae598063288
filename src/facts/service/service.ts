// What is known of a service of the distro: who listens, who reaches it, and what Windows has set for its port.

import { type Host, readHost } from "../../host/host.ts";
import { rowsOf, type Source, whyUnread } from "../../host/sources.ts";
import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { InboundService } from "../../schema/events/inbound.ts";
import type { VantagePoint } from "../../schema/run-choices.ts";
import { perPath } from "../per-path.ts";
import { settingsOf } from "../reach/path-host.ts";
import { NO_SNAPSHOT } from "../reasons.ts";
import { isMirrored, vantageFacts } from "../vantage.ts";
import type { WayKind } from "./addresses.ts";
import { type Bound, boundTo, type Way, waysOf } from "./ways.ts";

export type Mode = "nat" | "mirrored" | "wsl1" | "other" | "unknown";

export interface ServiceFacts {
  readonly service: Seen<InboundService>;
  readonly port: number;
  readonly bound: Bound;
  readonly mode: Mode;
  /** From where it must be reachable. */
  readonly from: VantagePoint;
  readonly ways: readonly Way[];
  /** Whether Windows reaches it by any way, and by that of its own localhost. */
  readonly windows: Reached;
  readonly localhost: Reached;
  /** From Windows by the address that other machines would use. */
  readonly required: Reached;
  /** Of the events that the distro itself tried. */
  readonly here: readonly string[];
}

export type Reached = "yes" | "no" | "unknown";

/** Null in a run about anything else. */
export const serviceFacts = perPath("serviceFacts", computeService);

function computeService(path: Path): ServiceFacts | null {
  const { service } = path;
  if (service === null) return null;
  const ways = waysOf(path);
  const of = (...kinds: readonly WayKind[]) =>
    reached(ways.filter(({ kind }) => kinds.includes(kind)));
  const windows = of("windows-localhost", "windows-to-distro");
  const mode = modeOf(path);
  // What forwards in NAT mode takes connections whether or not the distro does (netsh interface portproxy).
  const outside = (kind: WayKind): Reached =>
    mode === "nat" && of(kind) === "yes" ? "unknown" : of(kind);
  const from = path.run?.options.reachableFrom ?? "windows";
  const outer = { lan: outside("lan-address"), vpn: outside("vpn-address"), windows } as const;
  return {
    service,
    port: service.port,
    bound: boundTo(path),
    mode,
    from,
    ways,
    windows,
    localhost: of("windows-localhost"),
    required: outer[from],
    here: path.serviceAttempts.map(({ id }) => id),
  };
}

function reached(ways: readonly Way[]): Reached {
  if (ways.some(({ state }) => state === "reached")) return "yes";
  return ways.some(({ state }) => state !== "unknown") ? "no" : "unknown";
}

function modeOf(path: Path): Mode {
  const vantage = vantageFacts(path);
  if (vantage?.kind === "wsl1") return "wsl1";
  if (isMirrored(path)) return "mirrored";
  if (vantage?.networkingMode === "nat") return "nat";
  return vantage?.kind === "linux" || vantage === null ? "unknown" : "other";
}

export type RowsOr<Row> =
  | { readonly known: true; readonly rows: readonly Row[]; readonly id: string }
  | { readonly known: false; readonly reason: string };

/** The rows of a source of the snapshot, or why there are none. */
export function hostRows<Row>({ host }: Path, source: (host: Host) => Source<Row>): RowsOr<Row> {
  const snapshot = host?.snapshot ?? null;
  if (host === null || snapshot === null)
    return { known: false, reason: host?.reason ?? NO_SNAPSHOT };
  const found = source(readHost(snapshot));
  const why = whyUnread(found);
  return why === null
    ? { known: true, rows: rowsOf(found), id: host.id }
    : { known: false, reason: why };
}

/** A setting of .wslconfig in lower case; null where it is not set or not known. */
export function wslSetting(path: Path, key: string): string | null {
  return settingsOf(path)?.get(key.toLowerCase())?.trim().toLowerCase() ?? null;
}
