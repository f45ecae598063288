// SYNs from several source ports, each port again and again: a branch that is dead is dead for the same ports each time.

import { tracedAddress } from "../../src/facts/connection/subject.ts";
import {
  enoughRounds,
  type FlowsPlan,
  flowsToProbe,
  tcpFlows,
} from "../../src/facts/loss/tcp-flows.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import type { ProbeEngine } from "../native/engine.ts";
import type { MarkOf } from "../native/mark.ts";
import { showsRouters } from "../native/outbound-sockets.ts";
import type { Transport } from "../native/transport.ts";
import { createProbeSender, FAR_TTL, type ProbeSender } from "../probe-sender.ts";
import { connectionsAtOnce, connectionsLeft } from "../protocols/connection-limits.ts";

export interface TcpFlowsDeps {
  readonly engine: ProbeEngine;
  zoneIndex(address: string): number;
  /** The cookie of the next probe, never given twice in a run. */
  nextCookie(): number;
  /** What a probe is marked with, by its cookie. */
  readonly markOf: MarkOf;
  /** The clock's reading when the run began. */
  readonly runStartMs: number;
}

/** Short of the first SYN retransmission (RFC 6298 s.2), so that an attempt is one packet. */
const WAIT_MS = 900;
/** Several round trips of a flow that answers, between this and the above. */
const WAIT_MIN_MS = 150;
const ROUND_TRIPS = 4;
/**
 * Between two SYNs of a silent port. Where the answer to the first was lost, the target still knows it,
 * and answers the second no sooner than half a second after it last did (Linux:
 * net.ipv4.tcp_invalid_ratelimit): probed faster, one loss would look like many.
 */
const AGAIN_MS = 550;
/** Silent hops in a row after which a dead flow is taken to end. */
const GIVE_UP_AFTER = 3;

interface RunningFlow {
  readonly flow: number;
  readonly send: ProbeSender;
  readonly transport: Transport;
}

/** Where they are requested, where some connections get no answer to their SYN, and for a quick check where none did. */
export function createTcpFlowsProbe(deps: TcpFlowsDeps): Probe {
  return async (context) => {
    const path = context.path();
    const address = tracedAddress(path);
    const lookup = path.lookups.find((one) => one.address === address);
    if (address === undefined || lookup?.outcome.kind !== "route") return;
    const { count: wanted, ...plan } = flowsToProbe(path);
    const count = Math.min(wanted, connectionsAtOnce(path), connectionsLeft(path));
    if (count < 2) return;
    const to = { family: lookup.family, address, port: path.run?.target.port ?? 0 };
    const flows = Array.from({ length: count }, (_, n) => openFlow(deps, context, to, n + 1));
    try {
      await sendInRounds(flows, context, plan);
      await followDead(flows, context);
    } finally {
      for (const { transport } of flows) transport.close();
    }
  };
}

function openFlow(
  deps: TcpFlowsDeps,
  context: ProbeContext,
  to: { readonly family: 4 | 6; readonly address: string; readonly port: number },
  flow: number,
): RunningFlow {
  const { address } = to;
  const zoned = { ...to, zoneIndex: deps.zoneIndex(address) };
  const transport = deps.engine.syn(zoned, { oneFlow: true });
  const send = createProbeSender(transport, context, { address, flow, ...deps });
  return { flow, send, transport };
}

/**
 * Whoever was silent goes first in the next round: a filter that limits new connections lets the
 * first ones pass, and would otherwise make the same ones look dead each time.
 */
async function sendInRounds(
  flows: readonly RunningFlow[],
  context: ProbeContext,
  plan: Omit<FlowsPlan, "count">,
): Promise<void> {
  const { clock, path, signal } = context;
  while (!signal.aborted && connectionsLeft(path()) >= flows.length) {
    const seen = tcpFlows(path());
    const answered = (flow: number) => seen.flows.find((one) => one.flow === flow)?.answered ?? 0;
    const order = [...flows].sort((a, b) => answered(a.flow) - answered(b.flow));
    const waitMs = waitFor(context);
    const startedMs = clock.now();
    const results = await Promise.all(
      order.map(({ send, transport }) => {
        const sizeBytes = transport.smallestBytes;
        return send([{ purpose: "flow", ttl: FAR_TTL, sizeBytes }], waitMs);
      }),
    );
    // Nothing leaves this machine: further rounds would not either.
    if (results.flat().every(({ outcome }) => outcome.kind === "send-failed")) return;
    if (enoughRounds(tcpFlows(path()), plan)) return;
    await clock.sleep(Math.max(0, AGAIN_MS - (clock.now() - startedMs)));
  }
}

/** Where flows end that never get an answer: TTL by TTL, for a connection has one packet out at a time. */
async function followDead(flows: readonly RunningFlow[], context: ProbeContext): Promise<void> {
  const { dead, isDeadBranch } = tcpFlows(context.path());
  const [first] = dead;
  const running = flows.find(({ flow }) => flow === first?.flow);
  if (!isDeadBranch || running === undefined) return;
  if (!showsRouters(context, "tcp-flows", running.transport)) return;
  const maxHops = context.path().run?.options.maxHops ?? FAR_TTL;
  const sizeBytes = running.transport.smallestBytes;
  const waitMs = waitFor(context);
  let silent = 0;
  for (let ttl = 1; ttl <= maxHops && silent < GIVE_UP_AFTER; ttl++) {
    if (context.signal.aborted) return;
    const [results] = await running.send([{ purpose: "hop", ttl, sizeBytes }], waitMs);
    silent = results?.outcome.kind === "time-exceeded" ? 0 : silent + 1;
  }
}

function waitFor(context: ProbeContext): number {
  const { longestRttMs } = tcpFlows(context.path());
  if (longestRttMs === null) return WAIT_MS;
  return Math.min(WAIT_MS, Math.max(WAIT_MIN_MS, ROUND_TRIPS * longestRttMs));
}
