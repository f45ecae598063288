// SYNs from source ports all over, where the distro's own get no answer: Windows may take others alone for the distro's.

import { tracedAddress } from "../../src/facts/connection/subject.ts";
import { isDefaultUnheard, tcpFlows } from "../../src/facts/loss/tcp-flows.ts";
import { isExactRange, sourcePorts } from "../../src/facts/reach/source-ports.ts";
import { isMirrored } from "../../src/facts/vantage.ts";
import type { Path } from "../../src/model/path.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import type { Libc } from "../native/libc.ts";
import type { MarkOf } from "../native/mark.ts";
import { openSynTransport } from "../native/syn-transport.ts";
import { createProbeSender, FAR_TTL } from "../probe-sender.ts";
import { connectionsLeft } from "../protocols/connection-limits.ts";
import type { System } from "../system.ts";

export interface SourcePortsDeps {
  readonly libc: Libc;
  readonly system: System;
  zoneIndex(address: string): number;
  nextCookie(): number;
  readonly markOf: MarkOf;
  readonly runStartMs: number;
}

const LOCAL_PORTS = "/proc/sys/net/ipv4/ip_local_port_range";
/** Short of the first SYN retransmission (RFC 6298 s.2). */
const WAIT_MS = 900;
/** The first port that any program may bind, and how far apart: mirrored mode reserves 4096 (microsoft/WSL pull request 41448). */
const FIRST = 1024;
const LAST = 65_535;
const STEP = 2048;
/** Between a silent port and an answered one, in each round. */
const BETWEEN = 8;
/** 2048 ports are known to one after four rounds of eight between. */
const MAX_ROUNDS = 6;
/** Numbers of flows that no other probe has. */
const FIRST_FLOW = 1000;
/** Connections that a round may make: the reserved ports among all, and about half of those between. */
const FEW = 4;
const MANY = 16;
/** Has no factor in common with how many there are. */
const STRIDE = 13;

/** Where the distro's own ports are silent, or some of them, in mirrored mode alone: elsewhere nobody reserves ports for the distro. */
export function createSourcePortsProbe(deps: SourcePortsDeps): Probe {
  return async (context) => {
    const path = context.path();
    const address = tracedAddress(path);
    const lookup = path.lookups.find((one) => one.address === address);
    if (address === undefined || lookup?.outcome.kind !== "route" || !isAmbiguous(path)) return;
    const local = await localPorts(deps.system);
    if (local === null) return;
    context.emit({ kind: "local-port-range", ...local });
    const to = { family: lookup.family, address, port: path.run?.target.port ?? 0 };
    let flow = FIRST_FLOW;
    const send = async (ports: readonly number[]) => {
      await Promise.all(ports.map((port) => sendFrom(deps, context, to, port, flow++)));
    };
    await send(everywhere());
    for (let round = 0; round < MAX_ROUNDS && !context.signal.aborted; round += 1) {
      const next = around(context.path());
      if (next.length === 0) return;
      await send(next);
    }
  };
}

function isAmbiguous(path: Path): boolean {
  const { isDeadBranch, passing } = tcpFlows(path);
  const isSilent = isDefaultUnheard(path) && passing.length === 0;
  return isMirrored(path) && (isDeadBranch || isSilent) && connectionsLeft(path) >= FEW;
}

/** Its two numbers; null where it cannot be read. */
async function localPorts(system: System) {
  const text = await system.readText(LOCAL_PORTS).catch(() => "");
  const [, first, last] = /^(\d+)\s+(\d+)\s*$/.exec(text) ?? [];
  return first === undefined ? null : { first: Number(first), last: Number(last) };
}

/** Not in their order: a limit on new connections, which lets the first ones pass, is then no range of ports. */
function everywhere(): readonly number[] {
  const count = Math.ceil((LAST - FIRST) / STEP);
  return Array.from({ length: count }, (_, n) => FIRST + ((n * STRIDE) % count) * STEP + 1);
}

/**
 * Equally far apart in both gaps between silent and answered ports, and some among the answered ones; none where both ends are known,
 * or the server has been bothered enough.
 */
function around(path: Path): readonly number[] {
  const seen = sourcePorts(path);
  if (seen === null || seen.answered === null || isExactRange(seen)) return [];
  if (connectionsLeft(path) < MANY) return [];
  const { first, last } = seen.answered;
  return [...inside(seen.below, first), ...inside(first, last, 2), ...inside(last, seen.above)];
}

function inside(from: number, to: number, count = BETWEEN): readonly number[] {
  const ports = Array.from({ length: count }, (_, n) =>
    Math.round(from + ((n + 1) * (to - from)) / (count + 1)),
  );
  return [...new Set(ports)].filter((port) => port > from && port < to);
}

async function sendFrom(
  { libc, zoneIndex, ...deps }: SourcePortsDeps,
  context: ProbeContext,
  to: { readonly family: 4 | 6; readonly address: string; readonly port: number },
  number: number,
  flow: number,
): Promise<void> {
  const { address } = to;
  const { markOf } = deps;
  const zoned = { ...to, zoneIndex: zoneIndex(address) };
  const transport = openSynTransport(libc, zoned, { from: { number }, markOf });
  const send = createProbeSender(transport, context, { address, flow, ...deps });
  const sizeBytes = transport.smallestBytes;
  try {
    await send([{ purpose: "source-port", ttl: FAR_TTL, sizeBytes }], WAIT_MS);
  } finally {
    transport.close();
  }
}
