// What a start costs over `node -e 0`: --version, --help, and `path` until its first packet, as root and as nobody.
//
// Run with `npm run bench -- start`, as root, after a build. Turn by turn, so that a busy machine slows all of them; prints
// medians of the pairs' differences with their spread, and the load. Asserts nothing.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import os from "node:os";
import { performance } from "node:perf_hooks";
import { inside } from "../lab/independent/inside.ts";
import { createNet, link, type Net } from "../lab/independent/net.ts";

const CLI = new URL("../../dist/cli.js", import.meta.url).pathname;
const SITE = "198.51.100.80";
const GUEST = "198.51.100.20";
const NOBODY = "65534";
const AS_NOBODY = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
const BODY_BYTES = 20_000;

interface Case {
  readonly name: string;
  /** The promise in milliseconds over node -e 0; null for node itself. */
  readonly promisedMs: number | null;
  readonly args: readonly string[];
  readonly user: readonly string[];
  /** Until the site sees its first connection; else until the program ends. */
  readonly untilPacket: boolean;
}

const PATH = {
  args: [CLI, "path", `http://${SITE}/`],
  untilPacket: true,
  promisedMs: 120,
} as const;
const WHOLE = { user: [], untilPacket: false } as const;
const CASES: readonly Case[] = [
  { ...WHOLE, name: "node -e 0", promisedMs: null, args: ["-e", "0"] },
  { ...WHOLE, name: "--version", promisedMs: 15, args: [CLI, "--version"] },
  { ...WHOLE, name: "--help", promisedMs: 50, args: [CLI, "--help"] },
  { ...PATH, name: "first packet of path, root", user: [] },
  { ...PATH, name: "first packet of path, nobody", user: AS_NOBODY },
];

export async function compareStart(rounds: number): Promise<void> {
  const net = await createNet(["guest", "site"]);
  try {
    await link(net, ["guest", "eth0"], ["site", "eth0"], 1500);
    await net.ip("guest", "address", "add", `${GUEST}/24`, "dev", "eth0");
    await net.ip("site", "address", "add", `${SITE}/24`, "dev", "eth0");
    const site = http.createServer((_, response) => response.end("x".repeat(BODY_BYTES)));
    await inside(net, "site", async () => {
      site.listen(80, SITE);
      await once(site, "listening");
    });
    try {
      print(await measure(net, site, rounds));
    } finally {
      site.closeAllConnections();
      site.close();
    }
  } finally {
    await net.remove();
  }
}

async function measure(
  net: Net,
  site: http.Server,
  rounds: number,
): Promise<ReadonlyMap<Case, readonly number[]>> {
  const times = new Map<Case, number[]>(CASES.map((one) => [one, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [one, all] of times) all.push(await timed(net, site, one));
  }
  return times;
}

/** The same programs come before node in every case, so that their time cancels out but for setpriv's. */
async function timed(net: Net, site: http.Server, one: Case): Promise<number> {
  const node = ["env", "-u", "NODE_EXTRA_CA_CERTS", process.execPath, ...one.args];
  const argv = ["netns", "exec", net.name("guest"), ...one.user, ...node];
  const startedMs = performance.now();
  const child = spawn("ip", argv, { stdio: "ignore" });
  const over = once(child, "exit");
  if (!one.untilPacket) {
    await over;
    return performance.now() - startedMs;
  }
  await Promise.race([once(site, "connection"), over]);
  const ms = performance.now() - startedMs;
  await end(child, over);
  return ms;
}

async function end(child: ChildProcess, over: Promise<unknown>): Promise<void> {
  child.kill("SIGTERM");
  await over;
}

function print(times: ReadonlyMap<Case, readonly number[]>): void {
  const [bare = []] = times.values();
  for (const [{ name, promisedMs }, all] of times) {
    const over = all.map((ms, round) => ms - (bare[round] ?? 0)).sort((a, b) => a - b);
    const shown = promisedMs === null ? [...all].sort((a, b) => a - b) : over;
    const spread = `${shown.at(0)?.toFixed(0)}..${shown.at(-1)?.toFixed(0)}, n=${shown.length}`;
    const median = shown[Math.floor(shown.length / 2)] ?? Number.NaN;
    const promise = promisedMs === null ? "" : ` more; promised ${promisedMs}`;
    process.stdout.write(`${name}: ${median.toFixed(0)} ms (${spread})${promise}\n`);
  }
  const load = os.loadavg().map((one) => one.toFixed(1));
  process.stdout.write(
    `load ${load.join(" ")} on ${os.cpus().length} processors, ${process.version}\n`,
  );
}
