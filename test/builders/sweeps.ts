// The two sweeps for a limit, over a simulated server and a simulated network: what they found, and at which price.

import { sweepInbound } from "../../probes/pmtu/inbound.ts";
import { sweepOutbound } from "../../probes/pmtu/outbound.ts";
import { inboundFacts } from "../../src/facts/size/inbound.ts";
import { outboundFacts } from "../../src/facts/size/outbound.ts";
import { testContext } from "./context.ts";
import { lookup, runStarted, TARGET, targetAddresses } from "./events.ts";
import { type Network, simulate } from "./network.ts";
import { control, NO_REPLY } from "./probes.ts";
import { type Server, simulateServer } from "./server.ts";

/** How long the default attempt may stall, on the test's own clock. */
const PATIENCE_MS = 1500;

export async function sweptInbound(
  server: Server,
  candidates: readonly number[] = [],
  started = runStarted(),
) {
  const context = testContext([started, targetAddresses(), lookup()]);
  const { clock } = context;
  const simulated = simulateServer(server, context);
  const hanging = simulated.start("t1", "default", null);
  await hanging.decided;
  let over = false;
  const startedMs = clock.now();
  const sweep = sweepInbound(context, {
    start: (mss) => simulated.start(`s${simulated.connections()}`, "mss-sweep", mss),
    goal: "tls",
    candidates,
    finished: () => over || hanging.state("tls") === "passed",
  });
  await sweep.decided;
  const decidedMs = clock.now() - startedMs;
  await clock.sleep(PATIENCE_MS);
  hanging.stop();
  over = true;
  await sweep.stop();
  const path = context.path();
  const facts = inboundFacts(path);
  const swept = path.attempts.filter(({ purpose }) => purpose === "mss-sweep");
  return { ...facts, decidedMs, swept, connections: simulated.connections() };
}

export async function sweptOutbound(
  network: Network,
  options: { readonly candidates?: readonly number[] } = {},
) {
  const replied = network.targetSilent === true ? control(NO_REPLY) : control();
  const context = testContext([targetAddresses(), lookup(), replied]);
  const simulation = simulate(network, context);
  const isTarget = network.targetSilent !== true;
  const routers = network.links.slice(1).map((_, n) => n + 1);
  const hops = routers.filter((hop) => !network.silent?.includes(hop));
  await sweepOutbound(simulation.ask, context, {
    family: network.countsOnly ? 6 : 4,
    target: TARGET,
    linkMtu: network.links[0]?.mtu ?? 0,
    smallBytes: 36,
    ttl: isTarget ? 64 : (hops.at(-1) ?? 64),
    isTarget,
    hops,
    candidates: options.candidates ?? [],
    waitMs: 250,
    packetTooBigCount: simulation.packetTooBigCount,
  });
  return {
    facts: outboundFacts(context.path()),
    probes: simulation.probes,
    replies: simulation.targetReplies(),
  };
}
