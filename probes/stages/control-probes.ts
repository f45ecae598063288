// Probes to somebody else than the target: one as large as it takes, at a TTL that reaches anybody.

import { addressOf } from "../../src/host/address.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { EventBody } from "../../src/schema/event.ts";
import type { ControlProbe } from "../../src/schema/events/host-probe.ts";
import { readNeighbour } from "../linux/neighbour.ts";
import { type OutboundDeps, UDP_PORT, withTransport } from "../native/outbound-sockets.ts";
import type { Transport } from "../native/transport.ts";
import { createProbeSender, FAR_TTL } from "../probe-sender.ts";

/** Several round trips of a far address, within what a user waits for. */
const WAIT_MS = 1000;
/** What VPNs over TLS listen on. */
const TLS_PORT = 443;

/** The gateway itself, and then whether it answered ARP or neighbour discovery meanwhile. */
export async function askGateway(
  deps: OutboundDeps,
  context: ProbeContext,
  { gateway: address, interface: device }: { readonly gateway: string; readonly interface: string },
): Promise<void> {
  const ask = () => askOverAll(deps, context, address, "gateway");
  const read = () => readNeighbour(deps.system, address, device);
  await ask();
  let entry = await read();
  // Confirmed before, and out of date since the last packet: the kernel asks nobody until another one leaves.
  if (entry?.state === "STALE") {
    await ask();
    entry = await read();
  }
  for (let waitedMs = 0; waitedMs < CONFIRM_MS && isOpen(entry); waitedMs += CONFIRM_EVERY_MS) {
    if (context.signal.aborted) break;
    await context.clock.sleep(CONFIRM_EVERY_MS, context.signal);
    entry = await read();
  }
  if (entry === null) return;
  context.emit({ kind: "neighbour", address, interface: device, state: entry.state });
}

function isOpen(entry: { readonly state: string | null } | null): boolean {
  return entry !== null && entry.state !== null && UNCONFIRMED.has(entry.state);
}

/** An entry that the packets just sent made the kernel confirm: it asks after five seconds (RFC 4861 s.10, DELAY_FIRST_PROBE_TIME). */
const UNCONFIRMED: ReadonlySet<string> = new Set(["STALE", "DELAY", "PROBE", "INCOMPLETE"]);
const CONFIRM_MS = 6500;
const CONFIRM_EVERY_MS = 500;

/** Over all three at once: each may be filtered by itself. */
export async function askOverAll(
  deps: OutboundDeps,
  context: ProbeContext,
  address: string,
  about: ControlProbe["about"],
): Promise<void> {
  const to = destination(deps, address);
  const emit = (body: EventBody) =>
    context.emit(body.kind === "probe" ? { ...body, kind: "control-probe", about } : body);
  const opens = [
    () => deps.engine.udp({ ...to, port: UDP_PORT }),
    () => deps.engine.echo(to),
    () => deps.engine.syn({ ...to, port: TLS_PORT }),
  ];
  const one = { address, waitMs: WAIT_MS, name: about };
  await Promise.all(opens.map((open) => sendOne(deps, { ...context, emit }, { ...one, open })));
}

export function destination(deps: OutboundDeps, address: string) {
  const family = addressOf(address)?.family ?? 4;
  return { family, address, zoneIndex: deps.zoneIndex(address) };
}

interface One {
  readonly address: string;
  readonly waitMs: number;
  /** What is reported as skipped where the kernel or a privilege refuses. */
  readonly name: string;
  open(): Transport;
}

export function sendOne(
  deps: OutboundDeps,
  context: ProbeContext,
  { address, waitMs, name, open }: One,
): Promise<void> {
  return withTransport(context, name, open, async (transport) => {
    const sender = createProbeSender(transport, context, { address, ...deps });
    const sizeBytes = transport.smallestBytes;
    await sender([{ purpose: "control", ttl: FAR_TTL, sizeBytes }], waitMs);
  });
}
