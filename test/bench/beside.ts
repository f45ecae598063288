// The screen beside mtr's in one lab: when its first frame and its hops are there, round trips and loss, processor and memory.
//
// Run with `npm run bench -- beside [SECONDS]` after a build, as root; it writes the table of docs/beside.md. Both look at the same path at the same
// time, a round each second; a tenth of what the server answers is lost. Asserts nothing.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { replaceBlock } from "../../scripts/generated-block.mjs";
import type { WatchedHop } from "../../src/schema/events/watch.ts";
import type { Net } from "../lab/independent/net.ts";
import { OFFICE } from "../lab/independent/office.ts";
import { formatLoad, pause } from "./measure.ts";
import { createBenchNetwork } from "./networks.ts";
import { type Usage, usageBelow } from "./usage.ts";

const CLI = new URL("../../dist/cli.js", import.meta.url).pathname;
const PAGE = new URL("../../docs/beside.md", import.meta.url);
const RTT_MS = 40;
const LOST_PERCENT = 10;
const MS_PER_S = 1000;
const BYTES_PER_MB = 1_000_000;
/** Both have begun their rounds by then. */
const WARM_S = 15;

/** Routers answer at once and as often as they are asked: Linux tells each host one error a second. */
const UNLIMITED = { "ipv4/icmp_ratelimit": 0, "ipv4/icmp_msgs_per_sec": 10_000 };
const LOSSY = `table inet lossy { chain c { type filter hook input priority 0;
  ip saddr ${OFFICE.site4} numgen random mod 100 < ${LOST_PERCENT} drop; }; }
`;

interface Screen {
  readonly firstMs: number;
  readonly hopsMs: number;
  /** Share of one processor, in percent. */
  readonly cpu: number;
  readonly memoryMb: number;
}

interface HopRow {
  readonly address: string;
  readonly sent: number;
  readonly lossRatio: number;
  readonly meanMs: number;
  readonly deviationMs: number;
}

export async function compareBeside(seconds: number): Promise<void> {
  const network = await createBenchNetwork({ rttMs: RTT_MS });
  const { net } = network;
  const folder = await mkdtemp(join(tmpdir(), "wsl-trace-beside-"));
  const report = join(folder, "report.json");
  try {
    for (const host of ["box", "far", "site"]) net.set(host, UNLIMITED);
    await net.nft("guest", LOSSY);
    const load = formatLoad();
    // Discard (RFC 863): refused, so that the run before the rounds is short.
    const target = `${OFFICE.site4} --port 9 --host-snapshot none --no-wait --no-names`;
    const own = `${process.execPath} ${CLI} path ${target} --watch --report ${report} --no-redact`;
    const [ours, theirs, mtrHops] = await Promise.all([
      onScreen(net, own, "2+", /wsl-trace/, seconds),
      onScreen(net, `mtr -n -i 1 ${OFFICE.site4}`, "", /My traceroute/, seconds),
      mtrReport(net, seconds),
    ]);
    const { watch } = JSON.parse(await readFile(report, "utf8"));
    const hops = hopTable(watch.hops.map(ownRow), mtrHops);
    const table = [`With ${load}:`, "", ...screenTable(ours, theirs), "", ...hops];
    process.stdout.write(`${table.join("\n")}\n`);
    const page = await readFile(PAGE, "utf8");
    await writeFile(PAGE, replaceBlock(page, "beside", `\n${table.join("\n")}\n`));
  } finally {
    await rm(folder, { recursive: true, force: true });
    await network.remove();
  }
}

/** Runs a program on a pseudo-terminal (script(1)), presses keys, and reads what it draws. */
async function onScreen(
  net: Net,
  command: string,
  keys: string,
  frame: RegExp,
  seconds: number,
): Promise<Screen> {
  const typed = `stty cols 120 rows 40; exec ${command}`;
  const env = ["env", "-u", "CI", "-u", "NODE_EXTRA_CA_CERTS", "TERM=xterm-256color"];
  const program = [...env, "script", "-qfec", typed, "/dev/null"];
  const startedMs = performance.now();
  const child = spawn("ip", ["netns", "exec", net.name("guest"), ...program], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const ended = once(child, "exit");
  // In a row of its own, and not in the line on top.
  const last = new RegExp(`(?<![>(] ?)${OFFICE.site4.replaceAll(".", "\\.")}\\s`);
  let [drawn, firstMs, hopsMs] = ["", Number.NaN, Number.NaN];
  child.stdout.on("data", (chunk: Buffer) => {
    if (!Number.isNaN(hopsMs)) return;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what moves the cursor or colours.
    drawn = `${drawn}${chunk}`.replaceAll(/\u001b\[[\d;?]*[a-zA-Z]/g, " ");
    const nowMs = performance.now() - startedMs;
    if (Number.isNaN(firstMs) && frame.test(drawn)) {
      firstMs = nowMs;
      child.stdin.write(keys);
    }
    const isComplete = [OFFICE.box4, OFFICE.far4].every((one) => drawn.includes(one));
    if (isComplete && last.test(drawn)) hopsMs = nowMs;
  });
  try {
    await pause(WARM_S * MS_PER_S);
    // A key that came before the rounds did nothing.
    child.stdin.write(keys.slice(1));
    const before = await usageBelow(child.pid ?? 0);
    await pause((seconds - WARM_S) * MS_PER_S);
    const after = await usageBelow(child.pid ?? 0);
    child.stdin.write("q");
    await ended;
    return { firstMs, hopsMs, ...costs(before, after, seconds - WARM_S) };
  } finally {
    child.kill();
  }
}

function costs(before: Usage, after: Usage, seconds: number): Pick<Screen, "cpu" | "memoryMb"> {
  const cpu = ((after.cpuS - before.cpuS) / seconds) * 100;
  return { cpu, memoryMb: after.residentBytes / BYTES_PER_MB };
}

async function mtrReport(net: Net, seconds: number): Promise<readonly HopRow[]> {
  const argv = ["mtr", "-n", "--json", "-i", "1", "-c", `${seconds}`, OFFICE.site4];
  const { stdout } = await execa("ip", ["netns", "exec", net.name("guest"), ...argv]);
  const hubs: readonly MtrHub[] = JSON.parse(stdout).report.hubs;
  return hubs.map(({ host, Snt, "Loss%": loss, Avg, StDev }) => ({
    address: host,
    sent: Snt,
    lossRatio: loss / 100,
    meanMs: Avg,
    deviationMs: StDev,
  }));
}

/** As mtr(8) names its columns. */
interface MtrHub {
  readonly host: string;
  readonly Snt: number;
  readonly "Loss%": number;
  readonly Avg: number;
  readonly StDev: number;
}

function ownRow({ from, sent, lost, meanMs, deviationMs }: WatchedHop): HopRow {
  return {
    address: from.at(0) ?? "",
    sent,
    lossRatio: lost / sent,
    meanMs: meanMs ?? Number.NaN,
    deviationMs: deviationMs ?? Number.NaN,
  };
}

function screenTable(ours: Screen, theirs: Screen): readonly string[] {
  const row = (what: string, of: (screen: Screen) => string) =>
    `| ${what} | ${of(ours)} | ${of(theirs)} |`;
  return [
    "| on a screen of 120 by 40 | wsl-trace | mtr 0.95 |",
    "| --- | --- | --- |",
    row("first frame", ({ firstMs }) => `${firstMs.toFixed(0)} ms`),
    row("all hops drawn", ({ hopsMs }) => `${(hopsMs / MS_PER_S).toFixed(1)} s`),
    row("processor, a round each second", ({ cpu }) => `${cpu.toFixed(1)} %`),
    row("memory (resident)", ({ memoryMb }) => `${memoryMb.toFixed(0)} MB`),
  ];
}

function hopTable(ours: readonly HopRow[], theirs: readonly HopRow[]): readonly string[] {
  const rows = ours.flatMap((own) => {
    const other = theirs.find(({ address }) => address === own.address);
    return other === undefined ? [] : [hopRow(own, other)];
  });
  return [
    "| hop | average, wsl-trace | mtr | apart by | loss, wsl-trace | mtr | apart by |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
  ];
}

/** Differences in standard errors of what both measured. */
function hopRow(own: HopRow, other: HopRow): string {
  const ms = ({ meanMs, sent }: HopRow) => `${meanMs.toFixed(2)} ms of ${sent}`;
  const percent = ({ lossRatio }: HopRow) => `${(lossRatio * 100).toFixed(1)} %`;
  const meanError = Math.hypot(meanErrorOf(own), meanErrorOf(other));
  const lossError = Math.hypot(lossErrorOf(own), lossErrorOf(other));
  const apart = (difference: number, error: number) =>
    error === 0 ? "0" : `${(Math.abs(difference) / error).toFixed(1)} errors`;
  const cells = [
    own.address,
    ms(own),
    ms(other),
    apart(own.meanMs - other.meanMs, meanError),
    percent(own),
    percent(other),
    apart(own.lossRatio - other.lossRatio, lossError),
  ];
  return `| ${cells.join(" | ")} |`;
}

const meanErrorOf = ({ deviationMs, sent, lossRatio }: HopRow) =>
  deviationMs / Math.sqrt(sent * (1 - lossRatio));
const lossErrorOf = ({ lossRatio, sent }: HopRow) =>
  Math.sqrt((lossRatio * (1 - lossRatio)) / sent);
