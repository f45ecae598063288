// What `--pcap` writes, read by tshark: the packets that tcpdump saw beside it, what their comments say, and what no reader gets to know.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Report, report } from "../../src/schema/report.ts";
import { readPcapng } from "../builders/read-pcapng.ts";
import type { Net } from "./independent/net.ts";
import { createOffice, OFFICE } from "./independent/office.ts";
import { makeServerFiles, startServer } from "./independent/server.ts";
import { createFolder, runTool } from "./independent/tool.ts";

const missing = (
  await Promise.all(
    ["tcpdump", "tshark"].map(async (name) => {
      const { failed } = await execa(name, ["--version"], { reject: false });
      return failed ? [name] : [];
    }),
  )
).flat();
beforeEach(({ skip }) => {
  skip(missing.length > 0, `no ${missing.join(" and ")}, which npm test installs as root`);
});

const BODY_BYTES = 4000;

const folder = createFolder();
let net: Net;
let certificate = "";

beforeAll(async () => {
  net = await createOffice({ tunnelMtu: 1400, farSilent: true });
  const files = await makeServerFiles(folder, "site", 3);
  certificate = files.certificate;
  await startServer(net, files, BODY_BYTES);
});
afterAll(async () => {
  await net.remove();
  folder.remove();
});

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

const TARGET = `${OFFICE.site4}:443`;
const OPTIONS = ["--host-snapshot", "none", "--once", "--no-wait", "--json"];

async function trace(file: string, privilege: "root" | "none", ...more: readonly string[]) {
  const args = ["path", TARGET, ...OPTIONS, "--pcap", file, ...more];
  const { stdout, stderr } = await runTool(net, "guest", args, { privilege });
  return { report: report.parse(JSON.parse(stdout)), stderr };
}

/** Fields of each packet, one line each. @throws where tshark has anything to remark */
async function fields(file: string, names: readonly string[], filter = ""): Promise<string[]> {
  const sums = ["ip", "tcp", "udp"].flatMap((name) => ["-o", `${name}.check_checksum:TRUE`]);
  const wanted = names.flatMap((name) => ["-e", name]);
  const args = ["-n", "-r", file, ...sums, "-Y", filter, "-T", "fields", ...wanted];
  const { stdout, stderr } = await promisify(execFile)("tshark", args, { maxBuffer: 1e8 });
  const remarks = stderr.split("\n").filter((line) => !/^(Running as user|$)/.test(line));
  expect(remarks).toEqual([]);
  return stdout.split("\n").slice(0, -1);
}

/** What identifies a packet, wherever it was captured. */
const IDENTITY = [
  ...["ip.src", "ip.dst", "ip.id", "ip.ttl", "ip.len", "ipv6.src", "ipv6.dst", "ipv6.plen"],
  ...["tcp.srcport", "tcp.seq_raw", "tcp.ack_raw", "tcp.flags", "tcp.checksum"],
  ...["udp.srcport", "udp.length", "icmp.type", "icmpv6.type", "data.data"],
];
/** All that a run sends and gets; not how neighbours and routers are found. */
const OURS = "tcp or udp or icmp or (icmpv6.type < 130)";

async function startTcpdump(file: string): Promise<() => Promise<void>> {
  const args = [
    "tcpdump",
    "-i",
    "any",
    "-U",
    "--immediate-mode",
    "-B",
    "65536",
    "-w",
    file,
    "-Z",
    "root",
  ];
  const child = spawn("ip", ["netns", "exec", net.name("guest"), ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  running.push(child);
  const ended = once(child, "close");
  for await (const line of createInterface({ input: child.stderr })) {
    if (line.includes("listening on")) break;
  }
  return async () => {
    child.kill("SIGINT");
    await ended;
  };
}

function idsIn(comments: readonly string[]): Set<string> {
  return new Set(comments.flatMap((text) => text.match(/(?<=^|\\n)e\d+(?=: )/g) ?? []));
}

function probesOf({ events }: Report): string[] {
  return events.flatMap((event) =>
    event.kind === "probe" && event.outcome.kind !== "send-failed" ? [event.id] : [],
  );
}

describe("as root", () => {
  it("the file holds the packets that tcpdump saw, each with what it is of", async () => {
    const beside = `${folder.path}/tcpdump.pcap`;
    const file = `${folder.path}/true.pcapng`;
    const end = await startTcpdump(beside);
    const run = await trace(file, "root", "--no-redact");
    await end();
    expect(run.stderr).toContain("captured as this kernel's interfaces had them");

    const own = await fields(file, IDENTITY, OURS);
    const others = await fields(beside, IDENTITY, OURS);
    expect(own.length).toBeGreaterThan(50);
    expect(own.sort()).toEqual(others.sort());

    const comments = await fields(file, ["frame.comment"]);
    const commented = idsIn(comments);
    expect(probesOf(run.report).filter((id) => !commented.has(id))).toEqual([]);
    expect(comments.filter((text) => text === "")).toEqual([]);
    expect(comments.join("\n")).toMatch(/connection t\d+ \(default\) to port 443/);
    const [finding] = run.report.findings;
    expect(comments.join("\n")).toContain(`evidence of ${finding?.cause}`);

    const [section] = readPcapng(readFileSync(file));
    expect(section?.comment).toContain("True packets");
    expect(section?.comment).toContain("Not redacted");
    expect(section?.names).toEqual(["eth0"]);
  });

  it("a redacted file has other addresses, sound sums, and no content", async () => {
    const file = `${folder.path}/redacted.pcapng`;
    const run = await trace(file, "root", "--redact-target");
    const addresses = await fields(file, ["ip.dst"]);
    expect(addresses).toContain(run.report.target.address);
    // 0 is bad, 1 good, 2 unverified: a packet that was cut cannot be summed up.
    const sums = ["ip.checksum.status", "tcp.checksum.status", "udp.checksum.status"];
    const bad = sums.map((name) => `${name} == 0`).join(" or ");
    expect(await fields(file, ["frame.number"], `${bad} or _ws.malformed`)).toEqual([]);
    const good = await fields(file, ["frame.number"], "tcp.checksum.status == 1");
    expect(good.length).toBeGreaterThan(20);
    const bytes = readFileSync(file);
    const hello = Buffer.from(certificate.replace(/-----[^-]+-----|\s/g, ""), "base64");
    expect(bytes.includes(hello.subarray(0, 64))).toBe(false);
    expect(await fields(file, ["frame.number"], "tls or http")).toEqual([]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe("as an ordinary user", () => {
  it("the packets are rebuilt, and a replay makes the same file", async () => {
    const [live, again, recording] = ["live.pcapng", "again.pcapng", "run.ndjson"].map(
      (name) => `${folder.path}/${name}`,
    ) as [string, string, string];
    const run = await trace(live, "none", "--record", recording);
    expect(run.stderr).toMatch(/rebuilt from what the sockets saw \(.*CAP_NET_RAW/);
    const replayed = await execa(
      "node",
      ["dist/cli.js", ...["replay", recording, "--json", "--pcap", again]],
      { reject: false },
    );
    expect(replayed.stderr).toContain("rebuilt from what the sockets saw");
    expect(readFileSync(again).equals(readFileSync(live))).toBe(true);

    const bad = "ip.checksum.status == 0 or tcp.checksum.status == 0 or udp.checksum.status == 0";
    expect(await fields(live, ["frame.number"], `${bad} or _ws.malformed`)).toEqual([]);
    const comments = await fields(live, ["frame.comment"]);
    const commented = idsIn(comments);
    expect(probesOf(run.report).filter((id) => !commented.has(id))).toEqual([]);
    expect(comments.filter((text) => text === "")).toEqual([]);
    const hops = await fields(live, ["ip.src"], "icmp.type == 11");
    expect(hops.length).toBeGreaterThan(0);
  });
});

it("a file that cannot be written is said before anything is sent", async () => {
  const args = ["path", TARGET, "--pcap", `${folder.path}/nowhere/x.pcapng`];
  const { code, stderr } = await runTool(net, "guest", args, {});
  expect(stderr).toContain("cannot be written");
  expect(code).toBe(2);
});
