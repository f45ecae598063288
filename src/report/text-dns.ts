// The resolvers as plain text: who names each, its answers over UDP and TCP, which sizes pass, and Windows' answer.

import { NO_QUERY } from "../facts/reasons.ts";
import type { ResolverRow, ResolversReport } from "../schema/resolver-row.ts";
import { milliseconds } from "./duration.ts";
import { hanging, padded } from "./text-layout.ts";
import { NO_REASON } from "./words/finding.ts";

/** In the order in which a program queries them; those that only Windows names come last. */
export function resolverLines({ servers }: ResolversReport): string[] {
  if (servers.length === 0) return ["  no server was queried"];
  return servers.flatMap(serverLines);
}

/** The names that were queried, where the search list adds to what was typed. */
export function searchLines({ names, search, ndots }: ResolversReport): string[] {
  if (search.length === 0) return [];
  const queried = names.length === 0 ? NO_QUERY : names.join(", ");
  return hanging("  ", `${queried} (search ${search.join(" ")}, ndots ${ndots ?? "unknown"})`);
}

/** The answer that Windows got for the name. */
export function windowsLines({ windows }: ResolversReport): string[] {
  const { addresses, ms, reason } = windows;
  if (addresses === null) return hanging("  ? ", `not known: ${reason ?? NO_REASON}`);
  const took = ms === null ? "" : ` in ${ms} ms`;
  if (addresses.length > 0) return hanging("  + ", `answered ${addresses.join(", ")}${took}`);
  return hanging("  X ", `got no address${took} (${reason ?? NO_REASON})`);
}

const SYMBOLS = {
  answers: "+",
  "no-such-name": "-",
  cut: "X",
  silent: "X",
  refuses: "X",
  unreachable: "X",
  fails: "X",
} as const satisfies Record<ResolverRow["status"], string>;

const ORIGINS = {
  "hosts-file": "the hosts file",
  libc: "the C library",
  "resolv.conf": "resolv.conf",
  upstream: "behind the stub",
  nrpt: "only in Windows' NRPT",
  adapter: "only at a Windows adapter",
} as const satisfies Record<ResolverRow["origin"], string>;

const LABEL_WIDTH = 6;

function serverLines(row: ResolverRow): string[] {
  const took = row.rttMs === null ? "" : `, ${milliseconds(row.rttMs)}`;
  const role = row.role === null ? "" : `; ${row.role}`;
  return [
    ...hanging(
      `  ${SYMBOLS[row.status]} `,
      `${row.server} (${ORIGINS[row.origin]}${role}): ${row.status}${took}`,
    ),
    ...labelled(["hosts-file", "libc"].includes(row.origin) ? "file" : "UDP", row.udp),
    ...labelled("TCP", row.tcp),
    ...sizeLines(row),
  ];
}

function labelled(label: string, words: string | null): string[] {
  return words === null ? [] : hanging(`      ${padded(label, LABEL_WIDTH)} `, words);
}

function sizeLines({ sizes }: ResolverRow): string[] {
  const types = [...new Set(sizes.map(({ type }) => type))];
  return types.flatMap((type) => {
    const of = sizes.filter((size) => size.type === type);
    const words = of.map(({ ednsBytes, result, bytes }) => {
      const size = bytes === null ? "" : ` (${bytes} bytes)`;
      return `${ednsBytes} ${result}${size}`;
    });
    return labelled("EDNS", `${type}: ${words.join(", ")}`);
  });
}
