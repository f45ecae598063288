// What this machine reports about itself once a connection has failed: tracked connections, local listeners.

import { addressOf, isLoopback } from "../../src/host/address.ts";
import type { ProbeContext } from "../../src/probe.ts";
import { addressBytes } from "../packet/address.ts";
import type { System } from "../system.ts";

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
  const texts = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((file) => system.readText(file).catch(() => null)),
  );
  if (port === undefined || texts.every((text) => text === null)) return;
  const listens = texts.some((text) => text !== null && isListening(text, address, port));
  emit({ kind: "local-listener", address, port, listens });
}

/** TCP_LISTEN (net/tcp_states.h). */
const LISTEN = "0A";

/** Whether a row of /proc/net/tcp or tcp6 listens on that IPv4 address, or on all of them. */
export function isListening(text: string, address: string, port: number): boolean {
  // An address word is in host byte order.
  const own = addressBytes(address).reverse().toString("hex").toUpperCase();
  return text.split("\n").some((line) => {
    const [, local = "", , state] = line.trim().split(/\s+/);
    const [host = "", hexPort = ""] = local.split(":");
    if (state !== LISTEN || Number.parseInt(hexPort, 16) !== port) return false;
    // An IPv6 row holds an IPv4 address in its last word (::ffff:127.0.0.1).
    return /^0+$/.test(host) || host.slice(-8) === own;
  });
}
