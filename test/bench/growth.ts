// What a run costs as its network grows: hops, round-trip time, flows, targets; packets should grow with them, and time no faster.
//
// Run with `npm run bench -- growth [ROUNDS]`, as root. Prints medians; asserts nothing.

import { createChain, SITE } from "../lab/independent/chain.ts";
import type { Net } from "../lab/independent/net.ts";
import { makeServerFiles, startServer } from "../lab/independent/server.ts";
import { createFolder } from "../lab/independent/tool.ts";
import { formatLoad, formatTimes, pause, quantile, reportsOf, runIn, tool } from "./measure.ts";
import { createBenchNetwork } from "./networks.ts";

const HOPS = [5, 15, 30, 64] as const;
const RTTS_MS = [1, 10, 30, 100, 300] as const;
const FLOWS = [1, 2, 4, 8, 16, 32] as const;
const TARGETS = [1, 4, 16, 64] as const;
/** Until the routers have their answers back (net.ipv4.icmp_ratelimit: six in store, one a second). */
const PAUSE_MS = 6000;
const BODY_BYTES = 20_000;
const COMMON = ["--json", "--once", "--host-snapshot", "none", "-4", "-n"];

async function series(
  net: Net,
  label: string,
  argv: readonly string[],
  rounds: number,
): Promise<void> {
  const [own, packets]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    await pause(PAUSE_MS);
    const ran = await runIn(net, argv);
    if (ran === null) continue;
    const reports = reportsOf(ran);
    own.push(reports.length === 1 ? (reports[0]?.durationMs ?? Number.NaN) : ran.wallMs);
    packets.push(reports.reduce((sum, { packetsSent }) => sum + packetsSent, 0));
  }
  process.stdout.write(
    `  ${label}: ${formatTimes(own)} ms, ${quantile(packets, 0.5)} packets; ${formatLoad()}\n`,
  );
}

async function growHops(rounds: number): Promise<void> {
  for (const hops of HOPS) {
    const folder = createFolder();
    const { net } = await createChain(Array.from({ length: hops }, () => 1500));
    try {
      const files = await makeServerFiles(folder, "site", 0, [SITE[4]]);
      await startServer(net, files, BODY_BYTES);
      const target = `https://${SITE[4]}/`;
      const argv = tool("path", target, ...COMMON, "--ca", files.ca, "--max-hops", "70");
      await series(net, `${hops} hops`, argv, rounds);
      const peer = ["traceroute", "-n", "-m", "70", SITE[4]];
      const times: number[] = [];
      for (let round = 0; round < rounds; round++) {
        await pause(PAUSE_MS);
        times.push((await runIn(net, peer))?.wallMs ?? Number.NaN);
      }
      process.stdout.write(`    traceroute (adaptive): ${formatTimes(times)} ms\n`);
    } finally {
      await net.remove();
      folder.remove();
    }
  }
}

async function growRtt(rounds: number): Promise<void> {
  for (const rttMs of RTTS_MS) {
    const { net, ca, targets, remove } = await createBenchNetwork({ rttMs, targets: 1 });
    const argv = tool("path", ...targets, ...COMMON, "--ca", ca);
    await series(net, `RTT ${rttMs} ms`, argv, rounds).finally(remove);
  }
}

async function growFlows(rounds: number): Promise<void> {
  const { net, ca, targets, remove } = await createBenchNetwork({ rttMs: 10, targets: 1 });
  try {
    for (const flows of FLOWS) {
      const argv = tool("path", ...targets, ...COMMON, "--ca", ca, "--flows", String(flows));
      await series(net, `${flows} flows`, argv, rounds);
    }
  } finally {
    await remove();
  }
}

async function growTargets(rounds: number): Promise<void> {
  for (const count of TARGETS) {
    const { net, ca, targets, remove } = await createBenchNetwork({ rttMs: 10, targets: count });
    const argv = tool("path", ...targets, ...COMMON, "--ca", ca);
    await series(net, `${count} targets, wall`, argv, rounds).finally(remove);
  }
}

export async function compareGrowth(rounds: number): Promise<void> {
  await growHops(rounds);
  await growRtt(rounds);
  await growFlows(rounds);
  await growTargets(rounds);
}
