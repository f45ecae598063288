// The kernel's tables of TCP sockets, /proc/net/tcp and tcp6: who listens, and who is half connected.

import type { Family } from "../../src/schema/events/common.ts";
import { addressText } from "../packet/address.ts";
import type { System } from "../system.ts";

export interface TcpRow {
  readonly family: Family;
  readonly address: string;
  readonly port: number;
  readonly state: "listening" | "half-open";
}

/** TCP_SYN_RECV and TCP_LISTEN (net/tcp_states.h). */
const STATES: Readonly<Record<string, TcpRow["state"]>> = {
  "03": "half-open",
  "0A": "listening",
};

/** Of both families, in this network namespace; null where the one of IPv4 cannot be read. */
export async function readTcpTable({ readText }: System): Promise<readonly TcpRow[] | null> {
  const read = (file: string) => readText(`/proc/self/net/${file}`).catch(() => null);
  const [four, six] = await Promise.all([read("tcp"), read("tcp6")]);
  if (four === null) return null;
  return [...parseTcpTable(four), ...parseTcpTable(six ?? "")];
}

/** The rows of these states, of either table; lines that have another shape are left out. */
export function parseTcpTable(text: string): readonly TcpRow[] {
  return text.split("\n").flatMap((line): readonly TcpRow[] => {
    const [, local, hexPort, hexState] =
      /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) \S+ ([0-9A-F]{2}) /.exec(line) ?? [];
    const state = STATES[hexState ?? ""];
    if (local === undefined || hexPort === undefined || state === undefined) return [];
    const family = local.length === 8 ? 4 : 6;
    return [{ family, address: addressOf(local), port: Number.parseInt(hexPort, 16), state }];
  });
}

/** Words of 32 bits in host byte order, which is little-endian wherever WSL runs. */
function addressOf(hex: string): string {
  const bytes = Buffer.from(hex, "hex");
  bytes.swap32();
  return addressText(bytes);
}
