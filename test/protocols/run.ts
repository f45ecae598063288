// `npm run protocols [-- PART]`: real servers, traced in a network that carries everything and behind a silent tunnel of
// 1400 bytes. As root; installs nothing, and says which package is missing.

import { type ChildProcess, spawn } from "node:child_process";
import type { Report } from "../../src/schema/report.ts";
import type { Net } from "../lab/independent/net.ts";
import { createOffice, OFFICE } from "../lab/independent/office.ts";
import { createFolder, traceWith } from "../lab/independent/tool.ts";
import { type Certificate, makeChain } from "./certificate.ts";
import { type Folder, missing, type RealServer, SERVERS } from "./servers.ts";

const LINK_MTU = 1500;
const TUNNEL_MTU = 1400;
/** A fault of what was asked for, or a limit that longer answers would meet. */
const SEEN: readonly string[] = ["fault", "degraded"];
/** Until all ports listen: databases make their files first. */
const START_MS = 30_000;

interface Row {
  readonly server: string;
  readonly target: string;
  readonly healthy: Report;
  /** Of `mtu`, which sends large messages as well. */
  readonly sizes: Report;
  readonly tunnel: Report;
}

const [part = ""] = process.argv.slice(2);
const wanted = SERVERS.filter(({ name }) => name.toLowerCase().includes(part.toLowerCase()));
const absent = missing(wanted);
for (const { name, package: packages } of absent) {
  process.stderr.write(`left out: ${name} (apt-get install --no-install-recommends ${packages})\n`);
}
const folder = createFolder();
try {
  const certificate = await makeChain(folder);
  const rows: Row[] = [];
  for (const server of wanted.filter((one) => !absent.includes(one))) {
    process.stderr.write(`${server.name}\n`);
    rows.push(...(await traceServer(server, folder, certificate)));
  }
  process.stdout.write(`${table(rows)}\n`);
  const unseen = rows.filter(
    ({ healthy, tunnel }) => isFull(healthy) && !SEEN.includes(tunnel.verdict),
  );
  for (const { target } of unseen) process.stderr.write(`the tunnel was not seen: ${target}\n`);
  process.exitCode = unseen.length === 0 ? 0 : 1;
} finally {
  folder.remove();
}

async function traceServer(
  server: RealServer,
  files: Folder,
  certificate: Certificate,
): Promise<readonly Row[]> {
  const command = await server.prepare(files, certificate);
  const healthy = await inNetwork(LINK_MTU, server, command, "path");
  const sizes = await inNetwork(LINK_MTU, server, command, "mtu");
  const tunnel = await inNetwork(TUNNEL_MTU, server, command, "path");
  return server.targets.flatMap((target, n) => {
    const [one, two, three] = [healthy[n], sizes[n], tunnel[n]];
    if (one === undefined || two === undefined || three === undefined) return [];
    return [{ server: server.name, target, healthy: one, sizes: two, tunnel: three }];
  });
}

/** A network of its own for each run: what one has learnt of sizes would heal the next. */
async function inNetwork(
  tunnelMtu: number,
  server: RealServer,
  command: readonly string[],
  trace: "path" | "mtu",
): Promise<readonly Report[]> {
  const reports: Report[] = [];
  for (const target of server.targets) {
    const net = await createOffice({ tunnelMtu, farSilent: true });
    const child = start(net, command);
    try {
      await listening(net, server.ports);
      const args = [target.replace("HOST", OFFICE.site4), "--host-snapshot", "none"];
      reports.push((await traceWith(net, trace, args)).report);
    } finally {
      await stop(child);
      await net.remove();
    }
  }
  return reports;
}

function start(net: Net, [file = "", ...args]: readonly string[]): ChildProcess {
  const argv = ["netns", "exec", net.name("site"), file, ...args];
  return spawn("ip", argv, { stdio: "ignore", cwd: "/", detached: true });
}

/** With whatever it started. */
async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  if (child.pid === undefined || child.exitCode !== null) return;
  process.kill(-child.pid, "SIGKILL");
  await ended;
}

async function listening(net: Net, ports: readonly number[]): Promise<void> {
  const deadline = performance.now() + START_MS;
  for (;;) {
    const sockets = await net.run("site", "ss", "-ltnH");
    if (ports.every((port) => sockets.includes(`:${port} `))) return;
    if (performance.now() > deadline) throw new Error(`no server on ${ports.join(", ")}`);
  }
}

function table(rows: readonly Row[]): string {
  const head = [
    "server",
    "target",
    "answer",
    "in",
    "out",
    `behind ${TUNNEL_MTU}`,
    "inbound",
    "connections",
  ];
  const lines = rows.map(({ server, target, healthy, sizes, tunnel }) => [
    server,
    target,
    `${healthy.verdict}: ${healthy.stages.find(({ stage }) => stage === "http")?.detail.slice(0, 50)}`,
    received(healthy),
    sent(sizes),
    `${tunnel.verdict} ${tunnel.findings.map(({ cause }) => cause).join(" ")}`,
    range(tunnel),
    `${connections(healthy)}, ${connections(sizes)}, ${connections(tunnel)}`,
  ]);
  const rule = head.map(() => "---");
  return [head, rule, ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** The largest packet of the default attempt's answer, and all of its bytes. */
function received(report: Report): string {
  const started = report.events.find((event) => event.kind === "tcp-started");
  const own = report.events.filter(
    (event) =>
      started?.kind === "tcp-started" && "attempt" in event && event.attempt === started.attempt,
  );
  const answer = own.find((event) => event.kind === "protocol-answer");
  const ended = own.find((event) => event.kind === "tcp-ended");
  const bytes = ended?.kind === "tcp-ended" ? ended.info?.bytesReceived : null;
  const size = answer?.kind === "protocol-answer" ? answer.seen.inbound : null;
  return `${size ?? "small"} (rcv_mss ${ended?.kind === "tcp-ended" ? ended.info?.rcvMss : "?"}, ${bytes} bytes)`;
}

function isFull(report: Report): boolean {
  return report.pmtu.inbound.atLeast === LINK_MTU;
}

/** The largest acknowledged packet of the connections that were to send one. */
function sent(report: Report): string {
  const answers = report.events.flatMap((event) =>
    event.kind === "protocol-answer" && event.wanted.outbound ? [event] : [],
  );
  const largest = Math.max(0, ...answers.map(({ seen }) => seen.outbound ?? 0));
  if (largest > 0) return String(largest);
  return answers.length > 0 ? "not acknowledged" : "nothing large to say";
}

function range({ pmtu: { inbound } }: Report): string {
  if (inbound.bytes !== null) return `${inbound.bytes}${inbound.exact ? " exactly" : ""}`;
  return inbound.reason ?? "";
}

function connections({ events }: Report): number {
  return events.filter(({ kind }) => kind === "tcp-started").length;
}
