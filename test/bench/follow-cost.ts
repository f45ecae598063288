// What it costs a program to be followed: its time beside its time alone, and the follower's share of a core, as ratios.
//
// npx tsx test/bench/follow-cost.ts [RUNS]; needs `npm run build`.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";

const CLI = path.resolve(import.meta.dirname, "../../dist/cli.js");
/** 100 connections to a server in its own process, 20 requests each, 10 ms of work in between; prints how long it took. */
const PROGRAM = `
const http = require("node:http");
const server = http.createServer((q, r) => r.end("x".repeat(20000))).listen(0, "127.0.0.1", async () => {
  const { port } = server.address();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 100 });
  const get = () => new Promise((done) => http.get({ port, agent, host: "127.0.0.1" }, (r) => r.resume().on("end", done)));
  const begun = process.hrtime.bigint();
  for (let round = 0; round < 100; round += 1) {
    await Promise.all(Array.from({ length: 100 }, get));
    const until = Date.now() + 20;
    while (Date.now() < until);
    await new Promise((done) => setTimeout(done, 10));
  }
  console.log(Number(process.hrtime.bigint() - begun) / 1e6);
  process.exit(0);
});`;
const TICKS_PER_S = 100;
const RUNS = Number(process.argv[2] ?? 5);

interface Cost {
  readonly programMs: number;
  readonly share: number;
}

async function measure(args: readonly string[]): Promise<Cost> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  const begun = performance.now();
  let out = "";
  let ticks = 0;
  child.stdout.on("data", (bytes: Buffer) => {
    out += bytes.toString();
    ticks = ownTicks(child.pid ?? 0);
  });
  await once(child, "close");
  const seconds = (performance.now() - begun) / 1000;
  return { programMs: Number(out), share: ticks / TICKS_PER_S / seconds };
}

/** utime and stime of the process itself (proc(5)). */
function ownTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const alone: Cost[] = [];
const followed: Cost[] = [];
for (let n = 0; n < RUNS; n += 1) {
  alone.push(await measure(["-e", PROGRAM]));
  followed.push(await measure([CLI, "run", "--", process.execPath, "-e", PROGRAM]));
}
const ratio =
  median(followed.map((one) => one.programMs)) / median(alone.map((one) => one.programMs));
const least =
  Math.min(...followed.map((one) => one.programMs)) /
  Math.min(...alone.map((one) => one.programMs));
const share = median(followed.map((one) => one.share));
process.stdout.write(
  `program's time, followed / alone: ${ratio.toFixed(4)} (median), ${least.toFixed(4)} (fastest of ${RUNS})\n` +
    `follower's share of a core, with its start: ${share.toFixed(4)}\n`,
);
