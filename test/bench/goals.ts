// How long whole runs take beside what is promised for an idle machine, turn by turn with the peers in the same network.
//
// Run with `npm run bench -- goals [ROUNDS]`, as root. Prints median and 90th percentile in milliseconds; asserts nothing.

import type { Report } from "../../src/schema/report.ts";
import { OFFICE } from "../lab/independent/office.ts";
import {
  formatLoad,
  formatTimes,
  pause,
  quantile,
  type Ran,
  reportsOf,
  runIn,
  tool,
} from "./measure.ts";
import { type BenchNetwork, type BenchOptions, createBenchNetwork } from "./networks.ts";
import { outboundMs } from "./outbound.ts";

/** A machine gives about three ICMP answers to a run, one more in a second (net.ipv4.icmp_ratelimit). */
const PAUSE_MS = 3000;

interface Row {
  readonly name: string;
  /** Milliseconds, of what `time` gives. */
  readonly atMost: number | null;
  readonly root?: boolean;
  readonly terminal?: boolean;
  /** What is run; a peer's arguments hold no network's files. */
  argv(network: BenchNetwork): readonly string[];
  /** What the promise is about; wall time where absent. */
  readonly time?: (ran: Ran) => number;
}

interface Part {
  readonly title: string;
  readonly network: BenchOptions;
  readonly rows: readonly Row[];
}

const NAME = "https://web.example.test/";
const OWN = ["--host-snapshot", "none", "-4"];
const own = (ran: Ran) => reportsOf(ran)[0]?.durationMs ?? Number.NaN;
const traced = (command: string, target: string, ...more: readonly string[]) => ({
  argv: ({ ca }: BenchNetwork) =>
    tool(command, target, "--json", "--once", ...OWN, "--ca", ca, ...more),
});
const healthy = (user: number, root: number): readonly Row[] => [
  { name: "path, user, own clock", atMost: user, time: own, ...traced("path", NAME) },
  { name: "path, root, own clock", atMost: root, time: own, root: true, ...traced("path", NAME) },
];
const several = ({ ca, targets }: BenchNetwork) =>
  tool("path", ...targets, "--json", "--once", ...OWN, "--ca", ca);
const peer = (name: string, ...args: readonly string[]): Row => ({
  name,
  atMost: null,
  root: true,
  argv: () => args,
});
const PEERS = [
  peer("traceroute (adaptive)", "traceroute", "-n", OFFICE.site4),
  peer("scamper trace", "scamper", "-c", "trace -P udp-paris -w 1", "-i", OFFICE.site4),
  peer("mtr -r -c 1", "mtr", "-n", "-r", "-c", "1", OFFICE.site4),
];

const PARTS: readonly Part[] = [
  {
    title: "healthy, 1 ms",
    network: { rttMs: 1 },
    rows: [
      ...healthy(120, 200),
      { name: "path, user, wall", atMost: 300, ...traced("path", NAME) },
      {
        name: "path, user, CPU",
        atMost: null,
        time: ({ cpuMs }) => cpuMs,
        ...traced("path", NAME),
      },
      {
        name: "first frame on a terminal",
        atMost: 250,
        terminal: true,
        time: ({ firstMs }) => firstMs,
        argv: ({ ca }) => tool("path", NAME, "--once", ...OWN, "--ca", ca),
      },
      peer("node -e 0 (what Node itself takes)", process.execPath, "-p", "0"),
      ...PEERS,
    ],
  },
  { title: "healthy, 30 ms", network: { rttMs: 30 }, rows: [...healthy(260, 340), ...PEERS] },
  {
    title: "healthy, 30 ms, a certificate that is not trusted",
    network: { rttMs: 30 },
    rows: [
      {
        name: "path, user, own clock",
        atMost: 450,
        time: own,
        argv: () => tool("path", NAME, "--json", "--once", ...OWN),
      },
    ],
  },
  {
    title: "black hole of 1400, silent both ways, 1 ms",
    network: { rttMs: 1, silentMtu: 1400 },
    rows: [
      {
        name: "path: cause and fix on the screen, wall",
        atMost: 500,
        time: ({ firstMs }) => firstMs,
        argv: ({ ca }) => tool("path", NAME, "--once", ...OWN, "--ca", ca),
      },
      { name: "path, wall", atMost: 3400, ...traced("path", NAME) },
      { name: "path --no-wait, wall", atMost: null, ...traced("path", NAME, "--no-wait") },
      { name: "mtu, own clock", atMost: 800, time: own, ...traced("mtu", NAME) },
      {
        name: "outbound sizes alone, own clock",
        atMost: null,
        time: (ran) => outboundOf(reportsOf(ran)) ?? Number.NaN,
        ...traced("path", NAME, "--no-wait"),
      },
      peer("scamper trace -M", "scamper", "-c", "trace -P udp-paris -M -w 1", "-i", OFFICE.site4),
    ],
  },
  {
    title: "dead name server, no snapshot",
    network: { rttMs: 1, deadNames: true },
    rows: [{ name: "path, own clock", atMost: 2300, time: own, ...traced("path", NAME) }],
  },
  {
    title: "4 targets, 1 ms",
    network: { rttMs: 1, targets: 4 },
    rows: [{ name: "path, user, wall", atMost: 350, argv: several }],
  },
  {
    title: "16 targets, 30 ms",
    network: { rttMs: 30, targets: 16 },
    rows: [{ name: "path, user, wall", atMost: 900, argv: several }],
  },
];

function outboundOf([report]: readonly Report[]): number | null {
  return report === undefined ? null : outboundMs(report.events);
}

/** Rounds of what takes longer are fewer: nobody learns more from the twentieth. */
const LONG_MS = 5000;
const LONG_ROUNDS = 3;

/** Undefined where it is not installed or printed nothing. */
async function turn(built: BenchNetwork, row: Row): Promise<number | undefined> {
  const { resolvConf } = built;
  await built.net.run("guest", "ip", "route", "flush", "cache");
  await pause(PAUSE_MS);
  const ran = await runIn(built.net, row.argv(built), { ...row, resolvConf });
  return ran === null ? undefined : (row.time ?? wallOf)(ran);
}

const wallOf = ({ wallMs }: Ran) => wallMs;

async function measure({ title, network, rows }: Part, rounds: number): Promise<void> {
  process.stdout.write(`\n${title}\n`);
  const built = await createBenchNetwork(network);
  const times = new Map<Row, number[]>(rows.map((row) => [row, []]));
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [row, all] of times) {
        const isLong = round >= LONG_ROUNDS && quantile(all, 0.5) > LONG_MS;
        all.push(...[isLong ? undefined : await turn(built, row)].filter((ms) => ms !== undefined));
      }
    }
  } finally {
    await built.remove();
  }
  for (const [row, all] of times) process.stdout.write(`  ${formatRow(row, all)}\n`);
  process.stdout.write(`  ${formatLoad()}\n`);
}

function formatRow({ name, atMost }: Row, times: readonly number[]): string {
  if (times.length === 0) return `${name}: not installed or without output`;
  return `${name}: ${formatTimes(times)}${atMost === null ? "" : `; at most ${atMost}`}`;
}

export async function compareGoals(rounds: number): Promise<void> {
  for (const part of PARTS) await measure(part, rounds);
}
