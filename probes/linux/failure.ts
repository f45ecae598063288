// What this machine reports about itself once a connection has failed: tracked connections, local listeners.

import { addressOf, isLoopback } from "../../src/host/address.ts";
import type { ProbeContext } from "../../src/probe.ts";
import { addressBytes, addressText } from "../packet/address.ts";
import type { System } from "../system.ts";
import { readTcpTable, type TcpRow } from "./tcp-table.ts";

const CONNTRACK = "/proc/sys/net/netfilter/nf_conntrack";

export async function readFailure(
  system: System,
  context: ProbeContext,
  target: string,
): Promise<void> {
  await readConntrack(system, context);
  const address = addressOf(target);
  if (address !== null && isLoopback(address)) await readListener(system, context, target);
}

/** Reports nothing where no connection is tracked: the files are not there. */
async function readConntrack(system: System, { emit }: ProbeContext): Promise<void> {
  const read = async (name: string) => {
    const text = await system.readText(`${CONNTRACK}_${name}`).catch(() => "");
    return /^\d+\s*$/.test(text) ? Number(text) : null;
  };
  const [count, max] = await Promise.all([read("count"), read("max")]);
  if (count !== null && max !== null) emit({ kind: "conntrack", count, max });
}

async function readListener(
  system: System,
  { emit, path }: ProbeContext,
  address: string,
): Promise<void> {
  const port = path().run?.target.port;
  const rows = await readTcpTable(system);
  if (port === undefined || rows === null) return;
  emit({ kind: "local-listener", address, port, listens: isListening(rows, address, port) });
}

const IPV4_BYTES = 4;
/** ::ffff:0:0/96, as a socket of both families has an IPv4 address (RFC 4291 s.2.5.5.2). */
const MAPPED = Buffer.from("00000000000000000000ffff", "hex");

/** Whether one of the sockets listens on that address, or on all of them. */
export function isListening(rows: readonly TcpRow[], address: string, port: number): boolean {
  const bytes = addressBytes(address);
  const own = [bytes, ...(bytes.length === IPV4_BYTES ? [Buffer.concat([MAPPED, bytes])] : [])];
  const served = new Set(["0.0.0.0", "::", ...own.map((one) => addressText(one))]);
  return rows.some(
    (row) => row.state === "listening" && row.port === port && served.has(row.address),
  );
}
