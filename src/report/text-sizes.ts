// The PMTU of each hop as plain text: a bar for each hop and direction, then each protocol's result, then MSS.

import type { HopSizes, SizesReport } from "../schema/hop-mtu.ts";
import type { PmtuEstimate } from "../schema/verdict.ts";
import { hanging, padded } from "./text-layout.ts";
import { formatPmtu } from "./text-pmtu.ts";

const BAR_WIDTH = 24;
const ADDRESS_WIDTH = 24;
const TTL_WIDTH = 3;

/** One row for each outbound hop, and one for the whole inbound path. */
export function hopMtuLines(
  sizes: SizesReport,
  inbound: PmtuEstimate,
  target: string | null,
): string[] {
  const { hops, linkMtu } = sizes;
  const scale = Math.max(linkMtu ?? 0, inbound.bytes ?? 0, ...hops.map((hop) => hop.atLeast ?? 0));
  const rows = hops.map((hop, n) => {
    const words = formatHop(hop, n === 0 ? linkMtu : (hops[n - 1]?.atLeast ?? null));
    return row("->", String(hop.ttl), hop.address ?? "no reply", bar(hop.atLeast, scale), words);
  });
  const size = inbound.bytes ?? inbound.atLeast;
  const last = row("<-", "", target ?? "target", bar(size, scale), formatInbound(inbound));
  if (hops.length > 0) return [...rows.flat(), ...last];
  return [
    ...hanging("  -> ? ", "no hop answered, so the links cannot be measured one by one"),
    ...last,
  ];
}

function row(
  towards: string,
  ttl: string,
  address: string,
  drawn: string,
  words: string,
): string[] {
  const lead = `  ${towards} ${ttl.padStart(TTL_WIDTH)}  ${padded(address, ADDRESS_WIDTH)} ${drawn} `;
  return hanging(lead, words);
}

function bar(size: number | null, scale: number): string {
  const filled = size === null || scale === 0 ? 0 : Math.floor((size * BAR_WIDTH) / scale);
  return "#".repeat(filled) + ".".repeat(BAR_WIDTH - filled);
}

/** @param before what reached the hop in front of it */
function formatHop({ atLeast, below, lost }: HopSizes, before: number | null): string {
  if (atLeast === null) return "?";
  const narrower = below !== null && (before === null || atLeast < before);
  if (!narrower) return String(atLeast);
  return `${atLeast} ${lost === "silent" ? "X" : "="}`;
}

function formatInbound({ bytes, atLeast, silent }: PmtuEstimate): string {
  const size = bytes ?? atLeast;
  return size === null ? "?" : `${size}${silent ? " X" : ""}`;
}

/** What the signs behind the figures mean, as far as they are there. */
export function legendLines(lines: readonly string[]): string[] {
  const has = (sign: string) => lines.some((line) => line.endsWith(` ${sign}`));
  return [
    ...(has("=") ? ["  =  larger packets are answered by an ICMP error before this hop"] : []),
    ...(has("X") ? ["  X  larger packets vanish in silence before this hop"] : []),
    ...(has("?") ? ["  ?  not known"] : []),
  ];
}

const NAMES = { udp: "UDP", icmp: "ICMP echo", tcp: "TCP data" } as const;
const NAME_WIDTH = 10;

/** The outbound PMTU as each protocol shows it, and whether they agree. */
export function protocolLines({ protocols, agree }: SizesReport): string[] {
  const rows = protocols.flatMap(({ protocol, outbound, reason }) => {
    const unknown = outbound.bytes === null && outbound.below === null && reason !== null;
    const words = unknown ? `not probed, because ${reason}` : formatPmtu(outbound);
    return hanging(`  ${padded(NAMES[protocol], NAME_WIDTH)} `, words);
  });
  const apart = "they disagree: something on the path treats them differently";
  return agree === false ? [...rows, ...hanging("  ! ", apart)] : rows;
}

/** Packets without DF that had to be fragmented: whether they arrive whole. */
export function fragmentLines({ fragments }: SizesReport): string[] {
  const words = ({ status, reason }: SizesReport["fragments"]["outbound"]) =>
    status === "unknown"
      ? `unknown, because ${reason ?? "nothing was recorded"}`
      : FRAGMENTS[status];
  return [
    ...hanging("  -> outbound  ", words(fragments.outbound)),
    ...hanging("  <- inbound   ", words(fragments.inbound)),
  ];
}

const FRAGMENTS = {
  delivered: "delivered",
  lost: "lost: what is not in fragments gets an answer, this does not",
} as const;

/** MSS as offered, as accepted, and the observed segment size. */
export function mssLines({ mss, linkMtu }: SizesReport): string[] {
  if (mss.offered === null) return ["  no connection, so nothing was offered"];
  const accepted = mss.accepted === null ? "not known" : String(mss.accepted);
  const observed =
    mss.arrived === null ? "only small segments were received" : `${mss.arrived} bytes`;
  const small = linkMtu !== null && mss.accepted !== null && mss.accepted < mss.offered;
  return [
    ...hanging("  offered   ", `${mss.offered}`),
    ...hanging("  accepted  ", `${accepted}${small ? SMALLER : ""}`),
    ...rewrittenLine(mss.rewritten),
    ...hanging("  observed  ", `${observed}`),
  ];
}

function rewrittenLine(rewritten: SizesReport["mss"]["rewritten"]): string[] {
  if (rewritten === null) return [];
  const { to, after, ttl } = rewritten;
  const from = after === 0 ? "this machine" : `hop ${after}`;
  return hanging(
    "  rewritten ",
    `to ${to} between ${from} and hop ${ttl}, as the SYN in an ICMP error shows`,
  );
}

const SMALLER = ", less than was offered: the server's own link, or a clamp on the path";
