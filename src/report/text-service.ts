// The lines of a report about a service of the distro.

import type { Report } from "../schema/report.ts";
import { hanging, padded } from "./text-layout.ts";

const FROM_WIDTH = 8;
const STATE_WIDTH = 12;

/** Who serves the port. */
export function listenerLines({ inbound }: Report): string[] {
  if (inbound === undefined) return [];
  const { listeners, ownListener, forwards } = inbound;
  const served =
    listeners === null
      ? "the kernel's table of listeners could not be read"
      : ownListener
        ? "no program; this run listened on it itself, on all addresses"
        : listeners.join(", ") || "no program";
  const containers =
    forwards === null ? "not readable (root alone)" : forwards.join(", ") || "none";
  return [...hanging("  listens      ", served), ...hanging("  forwarded to ", containers)];
}

/** Each way to it, and what came of it. */
export function wayLines({ inbound }: Report): string[] {
  return (inbound?.ways ?? []).flatMap(({ from, address, state, reason }) =>
    hanging(
      `  ${SIGNS[state]} ${padded(NAMES[from], FROM_WIDTH)} ${padded(state, STATE_WIDTH)}`,
      reason === null ? address : `${address} (${reason})`,
    ),
  );
}

type Way = NonNullable<Report["inbound"]>["ways"][number];

const SIGNS = {
  reached: "+",
  refused: "X",
  silent: "X",
  denied: "X",
  unreachable: "X",
  unknown: "?",
} as const satisfies Record<Way["state"], string>;

/** LAN and VPN: Windows' own address there, tried by Windows. */
const NAMES = {
  distro: "distro",
  windows: "windows",
  lan: "lan",
  vpn: "vpn",
} as const satisfies Record<Way["from"], string>;
