// Real programs that load something from a server of a test network, and the server that they load it from.

import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { execa, execaSync } from "execa";
import { type Report, report } from "../../../src/schema/report.ts";
import { NAME } from "./dns.ts";
import type { Net } from "./net.ts";
import { createOffice, OFFICE, type OfficeOptions, officeSnapshot } from "./office.ts";
import { makeServerFiles, type ServerFiles } from "./server.ts";
import { createFolder, runTool, type ToolOptions, type ToolResult } from "./tool.ts";

const at = (name: string) => new URL(`./${name}`, import.meta.url).pathname;
const SSHD = "/usr/sbin/sshd";

/** Null, or why git cannot clone over SSH to its end here. */
export const NO_SSHD = existsSync(SSHD) ? null : "there is no sshd (openssh-server)";

/** What is loaded is larger than any window that a connection begins with, and cannot be compressed. */
const PAGE_BYTES = 400_000;
/** Programs of their own would wait for minutes. */
const PATIENCE_S = "20";
const PATIENCE_MS = "20000";

export interface Seen extends ToolResult {
  readonly report: Report;
}

export interface Programs {
  readonly folder: ReturnType<typeof createFolder>;
  readonly files: ServerFiles;
  /** A hosts file with the server's name. */
  readonly hosts: string;
  /** An office whose server has all that the programs want. */
  office(options?: Partial<OfficeOptions>): Promise<Net>;
  /** The command lines, each of what it loads anew. */
  readonly commands: Readonly<Record<ProgramName, () => readonly string[]>>;
  /** `wsl-trace run` as an ordinary user, with its report. */
  follow(on: Net, program: readonly string[], options?: ToolOptions): Promise<Seen>;
  remove(): void;
}

export type ProgramName = "curl" | "git over HTTPS" | "git over SSH" | "apt" | "npm" | "200";

export async function preparePrograms(): Promise<Programs> {
  const folder = createFolder();
  const files = await makeServerFiles(folder, "big", 90);
  const hosts = folder.file("hosts", `${OFFICE.site4} ${NAME}\n127.0.0.1 localhost\n`);
  const snapshot = folder.file("host.json", JSON.stringify(officeSnapshot(1400)));
  folder.file("page", randomBytes(PAGE_BYTES / 2).toString("hex"));
  folder.file("small", "here");
  // Without, git asks a name server what this machine is called.
  folder.file(".gitconfig", "[user]\n\tname = a\n\temail = a@example.test\n");
  await Promise.all([makeRepository(folder.path), makePackage(folder), prepareSsh(folder)]);
  makeArchive(folder);
  let runs = 0;
  return {
    folder,
    files,
    hosts,
    office: async (options = {}) => {
      const net = await createOffice({ tunnelMtu: 1500, ...options });
      const server = [process.execPath, at("file-server.mjs")] as const;
      await net.serve("site", ...server, "443", folder.path, files.key, files.certificate);
      await net.serve("site", ...server, "80", folder.path);
      await net.serve("site", process.execPath, at("sshd.mjs"), "22", `${folder.path}/sshd.conf`);
      return net;
    },
    commands: commandsOf(folder, files),
    follow: async (on, program, options = {}) => {
      runs += 1;
      const file = path.join(folder.path, `report-${runs}.json`);
      const flags = [
        "--report",
        file,
        "--no-redact",
        "--ca",
        files.ca,
        "--host-snapshot",
        snapshot,
      ];
      const env = {
        HOME: folder.path,
        GIT_SSL_NO_VERIFY: "1",
        GIT_SSH_COMMAND: sshOf(folder),
        ...options.env,
      };
      const argv = ["run", ...flags, "--", ...program];
      const result = await runTool(on, "guest", argv, { ...options, env });
      return { ...result, report: report.parse(JSON.parse(readFileSync(file, "utf8"))) };
    },
    remove: folder.remove,
  };
}

type Folder = ReturnType<typeof createFolder>;

function commandsOf({ path: folder }: Folder, { ca }: ServerFiles): Programs["commands"] {
  let runs = 0;
  const fresh = (name: string) => {
    runs += 1;
    return path.join(folder, `${name}-${runs}`);
  };
  const limited = ["timeout", PATIENCE_S];
  const clone = (from: string) => [
    ...limited,
    ...["git", "-c", `http.sslCAInfo=${ca}`, "clone", "-q", from, fresh("clone")],
  ];
  return {
    curl: () => [
      "curl",
      "-sS",
      "-o",
      "/dev/null",
      "-m",
      PATIENCE_S,
      "--cacert",
      ca,
      `https://${NAME}/page`,
    ],
    "git over HTTPS": () => clone(`https://${NAME}/a.git`),
    "git over SSH": () => clone(`ssh://root@${NAME}${folder}/a.git`),
    apt: () => [...limited, ...aptUpdate(fresh("apt"), ca)],
    npm: () => [
      ...limited,
      ...["npm", "install", "--no-audit", "--no-fund", "--no-update-notifier"],
      ...["--cafile", ca, "--registry", `https://${NAME}/npm/`],
      ...["--cache", fresh("npm-cache"), "--prefix", fresh("npm"), PACKAGE],
    ],
    "200": () => many(`http://${OFFICE.site4}/small`, `http://${OFFICE.site4}/page`),
  };
}

/** A program with 200 connections, the last of which asks for something else than the others. */
export function many(url: string, odd: string, count = 200): readonly string[] {
  return [process.execPath, at("many-connections.mjs"), String(count), PATIENCE_MS, url, odd];
}

async function makeRepository(folder: string): Promise<void> {
  const work = path.join(folder, "work");
  const bare = path.join(folder, "a.git");
  await execa("git", ["init", "-q", work]);
  writeFileSync(path.join(work, "noise"), randomBytes(PAGE_BYTES));
  const identity = ["-c", "user.name=a", "-c", "user.email=a@example.test"];
  await execa("git", ["-C", work, "add", "noise"]);
  await execa("git", ["-C", work, ...identity, "commit", "-q", "-m", "first"]);
  await execa("git", ["clone", "-q", "--bare", work, bare]);
  await execa("git", ["-C", bare, "update-server-info"]);
}

const PACKAGE = "odd-package";

/** A registry of one package, as npm reads it over HTTP. */
async function makePackage({ path: folder }: Folder): Promise<void> {
  const root = path.join(folder, "npm");
  const source = path.join(folder, "npm-source", "package");
  mkdirSync(root, { recursive: true });
  mkdirSync(source, { recursive: true });
  const manifest = { name: PACKAGE, version: "1.0.0" };
  writeFileSync(path.join(source, "package.json"), JSON.stringify(manifest));
  writeFileSync(path.join(source, "noise"), randomBytes(PAGE_BYTES));
  const tarball = "odd-package-1.0.0.tgz";
  await execa("tar", ["-czf", path.join(root, tarball), "-C", path.dirname(source), "package"]);
  const dist = { tarball: `https://${NAME}/npm/${tarball}` };
  const document = {
    name: PACKAGE,
    "dist-tags": { latest: "1.0.0" },
    versions: { "1.0.0": { ...manifest, dist } },
  };
  writeFileSync(path.join(root, PACKAGE), JSON.stringify(document));
}

/** A flat repository of a single package whose description is long. */
function makeArchive({ path: folder }: Folder): void {
  mkdirSync(path.join(folder, "debian"));
  const fields = {
    Package: PACKAGE,
    Version: "1",
    Architecture: "all",
    Filename: "./odd-package.deb",
    Size: 1,
    SHA256: "0".repeat(64),
    Description: "odd",
    Noise: randomBytes(PAGE_BYTES / 2).toString("hex"),
  };
  const text = Object.entries(fields).map(([key, value]) => `${key}: ${value}\n`);
  writeFileSync(path.join(folder, "debian", "Packages"), text.join(""));
}

/** As an ordinary user may run it: with folders of its own. */
function aptUpdate(state: string, ca: string): readonly string[] {
  for (const name of ["lists/partial", "archives/partial"])
    execaSync("mkdir", ["-p", "-m", "777", path.join(state, name)]);
  execaSync("chmod", ["-R", "777", state]);
  const sources = path.join(state, "sources.list");
  writeFileSync(sources, `deb [trusted=yes] https://${NAME}/debian ./\n`);
  const settings = {
    "Dir::State": state,
    "Dir::State::status": "/dev/null",
    "Dir::Cache": state,
    "Dir::Etc::sourcelist": sources,
    "Dir::Etc::sourceparts": "/dev/null",
    "Acquire::https::CAInfo": ca,
    "Acquire::Languages": "none",
  };
  return [
    "apt-get",
    "update",
    ...Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]),
  ];
}

/** A real sshd, and a key with which root may come in. */
async function prepareSsh(folder: Folder): Promise<void> {
  const key = (name: string) => path.join(folder.path, name);
  for (const [name, type] of [
    ["host-key", "rsa"],
    ["user-key", "ed25519"],
  ] as const)
    await execa("ssh-keygen", ["-q", "-t", type, "-N", "", "-f", key(name)]);
  folder.file(
    "sshd.conf",
    [
      `HostKey ${key("host-key")}`,
      `AuthorizedKeysFile ${key("user-key.pub")}`,
      "PermitRootLogin yes",
      "StrictModes no",
      "UsePAM no",
      "PidFile none",
      // It ends where its client is gone with its network.
      "LoginGraceTime 20",
      "ClientAliveInterval 20",
      "ClientAliveCountMax 1",
      "",
    ].join("\n"),
  );
  // ssh minds who may read a key where it is the user's own alone.
  chmodSync(key("user-key"), 0o644);
}

function sshOf({ path: folder }: Folder): string {
  const options = [
    "BatchMode=yes",
    "StrictHostKeyChecking=no",
    "UserKnownHostsFile=/dev/null",
    "LogLevel=ERROR",
  ];
  return `ssh -F none -i ${folder}/user-key ${options.map((one) => `-o ${one}`).join(" ")}`;
}

/** What is found but for notes. */
export function causesOf({ report: { findings } }: Seen): readonly string[] {
  return findings.filter(({ severity }) => severity !== "note").map(({ cause }) => cause);
}
