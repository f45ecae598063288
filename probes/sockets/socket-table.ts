// The kernel's table of sockets, read again and again, and the rows of those that close meanwhile.

import { UnsupportedProbeError } from "../../src/errors.ts";
import { NETLINK_SOCK_DIAG } from "../native/constants.ts";
import type { Libc } from "../native/libc.ts";
import { type Dumper, type Listener, openDumper, openListener } from "../native/netlink.ts";
import {
  DESTROY_GROUPS,
  decodeSocketRow,
  SOCK_DIAG_BY_FAMILY,
  type SocketRow,
  socketsRequest,
  TCP_LISTEN,
} from "./sock-diag.ts";

export interface SocketTable {
  /** Sockets that have another end, and the local ports on which others wait for one. */
  rows(): { readonly rows: readonly SocketRow[]; readonly listening: ReadonlySet<number> };
  /** Those that were destroyed since the last call. */
  destroyed(): { readonly rows: readonly SocketRow[]; readonly lost: boolean };
  close(): void;
}

const KINDS = [
  ["tcp", 4],
  ["tcp", 6],
  ["udp", 4],
  ["udp", 6],
] as const;

/** @throws UnsupportedProbeError where the kernel shows this user no table of sockets */
export function openSocketTable(libc: Libc): SocketTable {
  const dumper = openDumper(libc, NETLINK_SOCK_DIAG);
  if (typeof dumper === "string") throw unsupported(dumper);
  // Without it, what closes between two looks keeps its last row.
  const listener = openListener(libc, NETLINK_SOCK_DIAG, DESTROY_GROUPS);
  return {
    rows: () => {
      const all = KINDS.flatMap(([protocol, family]) => rowsOf(dumper, protocol, family));
      const waiting = all.filter(({ state }) => state === TCP_LISTEN);
      return {
        rows: all.filter(({ port }) => port !== 0),
        listening: new Set(waiting.map(({ localPort }) => localPort)),
      };
    },
    destroyed: () => (typeof listener === "string" ? NONE : destroyedRows(listener)),
    close: () => {
      dumper.close();
      if (typeof listener !== "string") listener.close();
    },
  };
}

const NONE = { rows: [], lost: false } as const;

/** None of a protocol that this kernel was built without. */
function rowsOf(dumper: Dumper, protocol: "tcp" | "udp", family: 4 | 6): readonly SocketRow[] {
  const messages = dumper.dump(SOCK_DIAG_BY_FAMILY, socketsRequest(protocol, family));
  if (typeof messages === "string") return [];
  return messages.flatMap(({ type, body }) => {
    const row = type === SOCK_DIAG_BY_FAMILY ? decodeSocketRow(body, protocol) : undefined;
    return row ?? [];
  });
}

function destroyedRows(listener: Listener): ReturnType<SocketTable["destroyed"]> {
  const { messages, lost } = listener.take();
  const rows = messages.flatMap(({ body }) => decodeSocketRow(body, null) ?? []);
  return { lost, rows: rows.filter(({ port }) => port !== 0) };
}

function unsupported(error: string): UnsupportedProbeError {
  return new UnsupportedProbeError("run", { requires: `the kernel's table of sockets (${error})` });
}
