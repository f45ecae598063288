// The built command line, run inside a test network as an ordinary user without any capability.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { type Report, report } from "../../../src/schema/report.ts";
import type { Net } from "./net.ts";

const CLI = path.resolve(import.meta.dirname, "../../../dist/cli.js");
const NOBODY = "65534";

export interface ToolResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of a test, readable by everybody, that is gone with `remove`. */
export function createFolder(): {
  file(name: string, text: string): string;
  readonly path: string;
  remove(): void;
} {
  const folder = mkdtempSync(path.join(os.tmpdir(), "wsl-trace-test-"));
  chmodSync(folder, 0o777);
  return {
    path: folder,
    file: (name, text) => {
      const full = path.join(folder, name);
      writeFileSync(full, text, { mode: 0o644 });
      return full;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface ToolOptions {
  /** Replaces /etc/resolv.conf. */
  readonly resolvConf?: string;
  /** Becomes /run/systemd/resolve/resolv.conf, which systemd-resolved would write. */
  readonly upstreamConf?: string;
  /** Replaces /etc/hosts. */
  readonly hosts?: string;
  /** Replaces /etc/nsswitch.conf. */
  readonly nsswitch?: string;
  /** Replaces /bin/sh, which shows the distro's C library. */
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A folder that is empty for the tool. */
  readonly hidden?: string;
  /** What the user may do: nothing, send raw packets, or all that root may, as root or by sudo. */
  readonly privilege?: "none" | "raw" | "root" | "sudo";
}

/** Binds files over others in a mount namespace of its own, over a hosts file that is missing too, then runs what follows. */
const MOUNTS = `
[ -z "$2" ] || [ -e /etc/hosts ] || { mount -t tmpfs none /mnt && : >/mnt/hosts && mount -t overlay overlay -o lowerdir=/mnt:/etc /etc && umount /mnt; } || exit
[ -z "$1" ] || mount --bind "$1" /etc/resolv.conf || exit
[ -z "$2" ] || mount --bind "$2" /etc/hosts || exit
[ -z "$3" ] || { cp "$3" /tmp/.upstream.$$ && mount -t tmpfs none /run && mkdir -p /run/systemd/resolve &&
  mv /tmp/.upstream.$$ /run/systemd/resolve/resolv.conf; } || exit
[ -z "$4" ] || mount -t tmpfs none "$4" || exit
[ -z "$5" ] || mount --bind "$5" /bin/sh || exit
[ -z "$6" ] || mount --bind "$6" /etc/nsswitch.conf || exit
shift 6
exec "$@"
`;

const NOBODY_AT_ALL = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
const PRIVILEGES = {
  none: [...NOBODY_AT_ALL, "--inh-caps=-all"],
  raw: [...NOBODY_AT_ALL, "--inh-caps=-all,+net_raw", "--ambient-caps=-all,+net_raw"],
  root: [],
  sudo: ["env", `SUDO_UID=${NOBODY}`, `SUDO_GID=${NOBODY}`],
} as const;

/** What sends single-packet probes, with the user that may do so. */
export const ENGINES = [
  { engine: "koffi", flags: [], privilege: "none" },
  { engine: "raw-socket", flags: ["--engine", "raw-socket"], privilege: "root" },
] as const;
export type EngineRun = (typeof ENGINES)[number];

/** `wsl-trace ARGS` as nobody in the namespace, unless a privilege is given. */
export async function runTool(
  net: Net,
  host: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<ToolResult> {
  const {
    resolvConf = "",
    hosts = "",
    upstreamConf = "",
    hidden = "",
    shell = "",
    nsswitch = "",
  } = options;
  const { env = {}, privilege = "none" } = options;
  const files = [resolvConf, hosts, upstreamConf, hidden, shell, nsswitch];
  const mount = files.every((file) => file === "")
    ? []
    : ["unshare", "--mount", "sh", "-c", MOUNTS, "sh", ...files];
  const set = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const tool = ["env", ...set, process.execPath, CLI, ...args];
  const argv = ["netns", "exec", net.name(host), ...mount, ...PRIVILEGES[privilege], ...tool];
  const run = { stdin: "ignore", reject: false, stripFinalNewline: false } as const;
  const { exitCode = null, signal, stdout, stderr } = await execa("ip", argv, run);
  const killed = signal === undefined ? "" : `killed by ${signal}`;
  return { code: exitCode, stdout, stderr: `${stderr}${killed}` };
}

/** The report of a `path` run; everything that went wrong is in the error. */
export function tracePath(
  net: Net,
  args: readonly string[],
  options: ToolOptions & { readonly host?: string } = {},
) {
  return traceWith(net, "path", args, options);
}

/** Another command that traces, with its report as JSON. */
export async function traceWith(
  net: Net,
  command: string,
  args: readonly string[],
  options: ToolOptions & { readonly host?: string } = {},
): Promise<{ readonly report: Report; readonly code: number | null; readonly json: string }> {
  const full = [command, ...args, "--json", "--no-redact"];
  const result = await runTool(net, options.host ?? "guest", full, options);
  if (result.stdout === "") throw new Error(`exit ${result.code}: ${result.stderr}`);
  // Node's own warnings, as of too many listeners, are nothing for a user's terminal.
  if (result.stderr.includes("Warning: ")) throw new Error(result.stderr);
  const parsed = report.parse(JSON.parse(result.stdout));
  return { report: parsed, code: result.code, json: result.stdout };
}
