// Real programs in networks that the product did not build, followed by an ordinary user.

import { readFileSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Report, report } from "../../src/schema/report.ts";
import { NAME, onThePath, serveNames } from "./independent/dns.ts";
import type { Net } from "./independent/net.ts";
import { createOffice, OFFICE, type OfficeOptions, officeSnapshot } from "./independent/office.ts";
import { makeServerFiles, type ServerFiles } from "./independent/server.ts";
import { createFolder, runTool, type ToolOptions } from "./independent/tool.ts";

const folder = createFolder();
const at = (name: string) => new URL(`./independent/${name}`, import.meta.url).pathname;
let files: ServerFiles;
let net: Net | undefined;
let hosts: string;
let snapshot: string;

/** Repositories and a large page, over HTTPS; an SSH server as far as its keys. */
async function office(options: Partial<OfficeOptions> = {}): Promise<Net> {
  net = await createOffice({ tunnelMtu: 1500, ...options });
  const argv = [files.key, files.certificate, "443", folder.path];
  await net.serve("site", process.execPath, at("git-server.mjs"), ...argv);
  await net.serve("site", process.execPath, at("ssh-server.mjs"), "22", `${folder.path}/count`);
  return net;
}

beforeAll(async () => {
  files = await makeServerFiles(folder, "big", 90);
  hosts = folder.file("hosts", `${OFFICE.site4} ${NAME}\n127.0.0.1 localhost\n`);
  snapshot = folder.file("host.json", JSON.stringify(officeSnapshot(1400)));
  folder.file(".gitconfig", "[user]\n\tname = a\n\temail = a@example.test\n");
  folder.file("page", "x".repeat(400_000));
  const work = path.join(folder.path, "work");
  await execa("git", ["init", "-q", work]);
  const identity = ["-c", "user.name=a", "-c", "user.email=a@example.test"];
  await execa("git", ["-C", work, ...identity, "commit", "-q", "--allow-empty", "-m", "first"]);
  await execa("git", ["clone", "-q", "--bare", work, path.join(folder.path, "a.git")]);
  await execa("git", ["-C", path.join(folder.path, "a.git"), "update-server-info"]);
});
afterEach(async () => {
  await net?.remove();
  net = undefined;
});
afterAll(() => folder.remove());

const URL_OF = `https://${NAME}`;
const PATIENCE_S = "20";

const curl = () => ["curl", "-sS", "-o", "/dev/null", "-m", PATIENCE_S, "--cacert", files.ca];
let clones = 0;
const clone = (from: string) => {
  clones += 1;
  const into = path.join(folder.path, `clone-${clones}`);
  return [
    "timeout",
    PATIENCE_S,
    "git",
    "-c",
    `http.sslCAInfo=${files.ca}`,
    "clone",
    "-q",
    from,
    into,
  ];
};
const SSH =
  "ssh -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -F none";

interface Seen {
  readonly report: Report;
  readonly code: number | null;
  readonly stderr: string;
}

async function follow(
  on: Net,
  program: readonly string[],
  options: ToolOptions = {},
): Promise<Seen> {
  const file = path.join(folder.path, "report.json");
  const flags = ["--report", file, "--no-redact", "--ca", files.ca, "--host-snapshot", snapshot];
  const env = { GIT_SSH_COMMAND: SSH, HOME: folder.path, GIT_SSL_NO_VERIFY: "1", ...options.env };
  const result = await runTool(on, "guest", ["run", ...flags, "--", ...program], {
    ...options,
    env,
  });
  const parsed = report.parse(JSON.parse(readFileSync(file, "utf8")));
  return { report: parsed, code: result.code, stderr: result.stderr };
}

const causesOf = ({ report: { findings } }: Seen) =>
  findings.filter(({ severity }) => severity !== "note").map(({ cause }) => cause);

describe("behind a VPN that loses large packets", () => {
  const blackhole = { tunnelMtu: 1400, farSilent: true };

  it.each([
    ["curl", () => [...curl(), `${URL_OF}/page`]],
    ["git over HTTPS", () => clone(`${URL_OF}/a.git`)],
    ["git over SSH", () => clone(`ssh://git@${NAME}/a.git`)],
  ])("%s hangs, and the VPN's limit is named", async (_name, program) => {
    const seen = await follow(await office(blackhole), program(), { hosts });
    expect(causesOf(seen)).toEqual(["vpn-mtu-inbound-blackhole"]);
    expect(seen.report.program?.doing).toContain(NAME);
    expect(seen.code).not.toBe(0);
    expect(seen.stderr).toContain("sudo ip link set dev eth0 mtu 1400");
  });
});

describe("with a dead name server", () => {
  const resolvConf = () => folder.file("resolv.conf", "nameserver 198.51.100.99\n");

  it.each([
    ["curl", () => [...curl(), `${URL_OF}/page`]],
    ["git over HTTPS", () => clone(`${URL_OF}/a.git`)],
    ["git over SSH", () => clone(`ssh://git@${NAME}/a.git`)],
  ])("%s waits for it, and the name server is named", async (_name, program) => {
    const seen = await follow(await office(), program(), { resolvConf: resolvConf() });
    expect(causesOf(seen)).toEqual(["dns-server-unreachable"]);
    expect(seen.report.program?.doing).toContain("198.51.100.99:53");
  });
});

it("a download that a NAT forgets is a transfer that stalls", async () => {
  const on = await office();
  await onThePath(on, "tcp sport 443 ct reply bytes > 150000 drop");
  const seen = await follow(on, [...curl(), `${URL_OF}/page`], { hosts });
  expect(causesOf(seen)).toEqual(["transfer-stalls"]);
});

it("a proxy that refuses is named where the program fails at once", async () => {
  const on = await office();
  await on.serve("far", process.execPath, at("http-proxy.mjs"), OFFICE.far4, "3129", "407");
  const env = { https_proxy: `http://${OFFICE.far4}:3129` };
  for (const program of [[...curl(), `${URL_OF}/page`], clone(`${URL_OF}/a.git`)]) {
    const seen = await follow(on, program, { hosts, env });
    expect(causesOf(seen)).toEqual(["proxy-refuses"]);
    expect(seen.code).not.toBe(0);
  }
});

it("one of 200 connections hangs, and it is the one that is diagnosed", async () => {
  const on = await office();
  const page = at("captive-portal-server.mjs");
  await on.serve("site", process.execPath, page, OFFICE.site4, "200", "http://a.test/");
  await onThePath(on, "tcp dport 444 drop");
  const program = [
    process.execPath,
    at("many-connections.mjs"),
    OFFICE.site4,
    "80",
    "200",
    "444",
    "9000",
  ];
  const seen = await follow(on, program);
  expect(causesOf(seen)).toEqual(["port-filtered"]);
  expect(seen.code).toBe(0);
  expect(seen.report.program?.connections).toBe(200);
  expect(seen.report.target).toMatchObject({ address: OFFICE.site4, port: 444 });
});

describe("where all is well", () => {
  it.each([
    ["curl", () => [...curl(), `${URL_OF}/page`]],
    ["git over HTTPS", () => clone(`${URL_OF}/a.git`)],
  ])("%s is healthy, and nothing is sent beside it", async (_name, program) => {
    const seen = await follow(await office(), program(), { hosts });
    expect([seen.report.verdict, seen.code], seen.stderr).toEqual(["healthy", 0]);
    expect(seen.report.packetsSent).toBe(0);
  });

  it("names that a server answers are followed as well", async () => {
    const on = await office();
    await serveNames(on);
    const resolvConf = folder.file("live.conf", `nameserver ${OFFICE.resolver4}\n`);
    const seen = await follow(on, [...curl(), `${URL_OF}/page`], { resolvConf });
    expect([seen.report.verdict, seen.code], seen.stderr).toEqual(["healthy", 0]);
  });

  it("connections that idle for longer than any hang are no hang", async () => {
    const on = await office();
    const page = at("captive-portal-server.mjs");
    await on.serve("site", process.execPath, page, OFFICE.site4, "200", "http://a.test/");
    const program = [
      process.execPath,
      at("many-connections.mjs"),
      OFFICE.site4,
      "80",
      "20",
      "80",
      "9000",
    ];
    const seen = await follow(on, program);
    expect([seen.report.verdict, seen.report.packetsSent]).toEqual(["healthy", 0]);
  });
});
