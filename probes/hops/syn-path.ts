// Where TCP to the target's port stops, when it did: SYNs by TTL, to other ports, by other interfaces.

import { tracedLookup } from "../../src/facts/connection/subject.ts";
import { ownAddresses, reachFacts } from "../../src/facts/reach/reach.ts";
import type { Path } from "../../src/model/path.ts";
import type { ProbeContext } from "../../src/probe.ts";
import { TOKEN_MS } from "../pmtu/outbound.ts";
import { FAR_TTL, type ProbeSender, type ProbeSpec } from "../probe-sender.ts";

export interface SynPathInput {
  readonly waitMs: number;
  /** The port that the connection was for. */
  readonly port: number;
  readonly maxHops: number;
  /** SYNs to the target; null where the kernel refuses such a socket. */
  open(via: { readonly port?: number; readonly device?: string }): SynProber | null;
}

export interface SynProber {
  readonly send: ProbeSender;
  readonly sizeBytes: number;
  /** Whether the answers of routers are seen; reported where they are not. */
  showsRouters(): boolean;
  close(): void;
}

/** Ports on which most hosts reply, be it with a reset. */
const OTHER_PORTS: readonly number[] = [443, 80];
/** A reset from nearer than the target is probed again: one SYN may have taken another path. */
const CONFIRMATIONS = 2;

/** Probed only where connecting failed; what was answered before is not probed again. */
export async function followSyn(context: ProbeContext, input: SynPathInput): Promise<void> {
  const syn = input.open({});
  if (syn !== null) {
    try {
      await byTtl(syn, context, input);
    } finally {
      syn.close();
    }
  }
  if (context.signal.aborted) return;
  const { alive, connect } = reachFacts(context.path());
  if (alive === null && connect !== "refused") await otherPorts(context, input);
  await otherInterfaces(context, input);
}

async function byTtl(
  { send, sizeBytes, showsRouters }: SynProber,
  context: ProbeContext,
  { waitMs, maxHops }: SynPathInput,
): Promise<void> {
  const hop = (ttl: number): ProbeSpec => ({ purpose: "hop", ttl, sizeBytes });
  await send([{ purpose: "control", ttl: FAR_TTL, sizeBytes }], waitMs);
  if (!showsRouters()) return;
  const { distance, farthest } = reachFacts(context.path());
  const end = Math.min(maxHops, distance ?? (farthest?.ttl ?? 0) + 1);
  const known = sentTtls(context.path());
  await send(
    range(end)
      .filter((ttl) => !known.has(ttl))
      .map(hop),
    waitMs,
  );
  // The location where it stops must not be that of one lost answer, or of a router whose ICMP errors others used up.
  const last = answeredTtl(context.path());
  const silent = range(end).filter((ttl) => ttl > last);
  if (silent.length > 0) await context.clock.sleep(TOKEN_MS);
  if (context.signal.aborted) return;
  await send(silent.map(hop), waitMs);
  const reset = resetTtl(context.path());
  if (reset !== null && reset < end) {
    await send(
      Array.from({ length: CONFIRMATIONS }, () => hop(reset)),
      waitMs,
    );
  }
}

/** A host that is silent to everything else may still have a port that answers. */
async function otherPorts(context: ProbeContext, input: SynPathInput): Promise<void> {
  for (const port of OTHER_PORTS.filter((other) => other !== input.port)) {
    const answered = await sendOnce(
      context,
      input,
      { port },
      async ({ send, sizeBytes, showsRouters }) => {
        if (!showsRouters()) return;
        // How far away it is, from the last router on.
        const last = reachFacts(context.path()).farthest?.ttl ?? 0;
        const ttls = range(Math.min(DISTANCES, input.maxHops - last)).map((n) => last + n);
        const asks = ttls.map((ttl): ProbeSpec => ({ purpose: "hop", ttl, sizeBytes }));
        await send(asks, input.waitMs);
      },
    );
    if (answered) return;
  }
}

/** Hops behind the last router that showed itself, in which the target is looked for. */
const DISTANCES = 3;

/** The same SYN by the interfaces that have a default route and were not taken. */
async function otherInterfaces(context: ProbeContext, input: SynPathInput): Promise<void> {
  const path = context.path();
  const lookup = tracedLookup(path);
  if (lookup?.outcome.kind !== "route" || ownAddresses(path).has(lookup.address)) return;
  const taken = lookup.outcome.interface;
  const others = (path.routes?.routes ?? []).filter(
    (route) => route.family === lookup.family && route.prefix.endsWith("/0"),
  );
  const names = new Set(others.map((route) => route.interface).filter((name) => name !== taken));
  for (const device of [...names].slice(0, MAX_INTERFACES)) {
    await sendOnce(context, input, { device });
  }
}

const MAX_INTERFACES = 3;

/** @returns whether the target answered, after `then` has sent more from the same socket */
async function sendOnce(
  { signal }: ProbeContext,
  { open, waitMs }: SynPathInput,
  via: { readonly port?: number; readonly device?: string },
  then: (syn: SynProber) => Promise<void> = async () => undefined,
): Promise<boolean> {
  const syn = signal.aborted ? null : open(via);
  if (syn === null) return false;
  const one: ProbeSpec = { purpose: "control", ttl: FAR_TTL, sizeBytes: syn.sizeBytes };
  try {
    const [first] = await syn.send([one], waitMs);
    const [again] = first?.outcome.kind === "no-reply" ? await syn.send([one], waitMs) : [first];
    const answered = again?.outcome.kind === "reply";
    if (answered) await then(syn);
    return answered;
  } finally {
    syn.close();
  }
}

function synHops(path: Path) {
  const { address } = reachFacts(path);
  return path.probes.filter(
    (probe) =>
      probe.protocol === "tcp" &&
      probe.port === undefined &&
      probe.purpose === "hop" &&
      probe.address === address,
  );
}

function sentTtls(path: Path): ReadonlySet<number> {
  return new Set(synHops(path).map(({ ttl }) => ttl));
}

/** The largest TTL at which anybody answered a SYN. */
function answeredTtl(path: Path): number {
  const answered = synHops(path).filter(({ outcome }) => "from" in outcome);
  return Math.max(0, ...answered.map(({ ttl }) => ttl));
}

function resetTtl(path: Path): number | null {
  const resets = synHops(path).filter(
    ({ outcome }) => outcome.kind === "reply" && outcome.with === "reset",
  );
  return resets.length === 0 ? null : Math.min(...resets.map(({ ttl }) => ttl));
}

function range(to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to) }, (_, n) => n + 1);
}
