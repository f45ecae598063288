// The complete hop list of a path with two silent routers, beside traceroute, mtr, tracepath and scamper, turn by turn.
//
// Run with `npm run bench -- hops`. Prints medians with their spread, ratios and packets; asserts nothing.

import { execFile } from "node:child_process";
import { performance } from "node:perf_hooks";
import { promisify } from "node:util";
import type { ProbeEvent } from "../../src/schema/event.ts";
import { createChain, SITE } from "../lab/independent/chain.ts";
import type { Net } from "../lab/independent/net.ts";
import { makeServerFiles, startServer } from "../lab/independent/server.ts";
import { createFolder, tracePath } from "../lab/independent/tool.ts";

/** A silent hop has to be told from a lost answer, and from a hop that is silent to UDP alone. */
const WHY_PACKETS =
  "packets: one asks for the target's distance; each silent hop is asked again over UDP, ICMP and TCP, as far as the user may\n";
const exec = promisify(execFile);
const LINKS = 9;
const SILENT = ["r3", "r6"];

interface Turn {
  readonly ms: number;
  /** Of the hop list alone, where a program does more. */
  readonly packets: number | null;
  readonly found: string;
}

interface Contender {
  readonly name: string;
  run(net: Net): Promise<Turn | null>;
}

const program = (name: string, file: string, ...args: readonly string[]): Contender => ({
  name,
  run: async (net) => {
    await net.run("guest", "nft", "reset", "counters");
    const startedMs = performance.now();
    const argv = ["netns", "exec", net.name("guest"), file, ...args, SITE[4]];
    const stdout = await exec("ip", argv, { timeout: 60_000 }).then(
      (done) => done.stdout,
      () => null,
    );
    if (stdout === null) return null;
    const ms = performance.now() - startedMs;
    const hops = new Set(stdout.match(/10\.91\.\d+\.\d+/g));
    const packets = await sentPackets(net);
    return { ms, packets, found: `${hops.size} addresses` };
  },
});

const CONTENDERS: readonly Contender[] = [
  program("traceroute -w 1 -q 1", "traceroute", "-n", "-w", "1", "-q", "1"),
  program("traceroute (adaptive)", "traceroute", "-n"),
  program("traceroute (adaptive) -q 1", "traceroute", "-n", "-q", "1"),
  program("mtr -r -c 1", "mtr", "-n", "-r", "-c", "1"),
  program("tracepath", "tracepath", "-n"),
  program("scamper trace -P udp-paris -w 1", "scamper", "-c", "trace -P udp-paris -w 1", "-i"),
];

async function sentPackets(net: Net): Promise<number> {
  const text = await net.run("guest", "nft", "-j", "list", "counters");
  return Number(/"packets":\s*(\d+)/.exec(text)?.[1] ?? Number.NaN);
}

/** From the first probe to the last answer or the end of the last wait, Node's own start aside. */
function hopTiming(events: readonly ProbeEvent[]): Turn {
  const probes = events.flatMap((event) => (event.kind === "probe" ? [event] : []));
  const hops = probes.filter(({ purpose }) => purpose === "hop");
  const first = probes[0]?.sentAtMs ?? 0;
  const last = Math.max(...hops.map(({ atMs }) => atMs));
  const from = hops.flatMap(({ outcome }) => ("from" in outcome ? [outcome.from] : []));
  return { ms: last - first, packets: hops.length + 1, found: `${new Set(from).size} addresses` };
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

function line(name: string, turns: readonly Turn[], base: number): string {
  if (turns.length === 0) return `${name}: not installed or failed\n`;
  const times = turns.map(({ ms }) => ms);
  const spread = `${Math.min(...times).toFixed(0)}..${Math.max(...times).toFixed(0)}`;
  const ratio = (median(times) / base).toFixed(2);
  const [last] = turns.slice(-1);
  return `${name}: ${median(times).toFixed(0)} ms (${spread}, n=${turns.length}), ${ratio} x; ${last?.found}, ${last?.packets} packets\n`;
}

export async function compareHops(rounds: number): Promise<void> {
  const folder = createFolder();
  const { net } = await createChain(Array.from({ length: LINKS }, () => 1500));
  try {
    for (const router of SILENT) {
      const rule = "icmp type time-exceeded drop";
      await net.nft(
        router,
        `table inet mute {\n chain out {\n type filter hook output priority 0;\n ${rule}\n }\n}\n`,
      );
    }
    await net.nft(
      "guest",
      'table inet count {\n counter sent { }\n chain out {\n type filter hook output priority 0;\n oifname "eth0" counter name sent\n }\n}\n',
    );
    const files = await makeServerFiles(folder, "site", 0, [SITE[4]]);
    await startServer(net, files, 400);
    const own: Turn[] = [];
    const whole: Turn[] = [];
    const others = new Map<string, Turn[]>();
    for (let turn = 0; turn < rounds; turn++) {
      // The routers' rate limits are full again: 6 messages, one a second.
      await new Promise((resolve) => setTimeout(resolve, 6000));
      const startedMs = performance.now();
      const args = [`https://${SITE[4]}/`, "--ca", files.ca, "--host-snapshot", "none", "-n"];
      const { report } = await tracePath(net, args);
      own.push(hopTiming(report.events));
      const ms = performance.now() - startedMs;
      whole.push({ ms, packets: report.packetsSent, found: report.verdict });
      for (const contender of CONTENDERS) {
        await new Promise((resolve) => setTimeout(resolve, 6000));
        const result = await contender.run(net);
        if (result !== null)
          others.set(contender.name, [...(others.get(contender.name) ?? []), result]);
      }
    }
    const base = median(own.map(({ ms }) => ms));
    process.stdout.write(line("wsl-trace, the hop list of path", own, base));
    process.stdout.write(line("wsl-trace path, the whole diagnosis and Node's start", whole, base));
    for (const { name } of CONTENDERS)
      process.stdout.write(line(name, others.get(name) ?? [], base));
    process.stdout.write(WHY_PACKETS);
  } finally {
    await net.remove();
    folder.remove();
  }
}
