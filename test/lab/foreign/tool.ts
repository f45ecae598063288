// The built command line, run inside a test network as an ordinary user without any capability.

import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Report, report } from "../../../src/report/report.ts";
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

/** `wsl-trace ARGS` as nobody in the namespace; `resolvConf` replaces /etc/resolv.conf there. */
export function runTool(
  net: Net,
  host: string,
  args: readonly string[],
  resolvConf: string | null = null,
): Promise<ToolResult> {
  const mount =
    resolvConf === null
      ? []
      : [
          "unshare",
          "--mount",
          "sh",
          "-c",
          'mount --bind "$0" /etc/resolv.conf && exec "$@"',
          resolvConf,
        ];
  const drop = [
    "setpriv",
    `--reuid=${NOBODY}`,
    `--regid=${NOBODY}`,
    "--clear-groups",
    "--inh-caps=-all",
  ];
  const argv = ["netns", "exec", net.name(host), ...mount, ...drop, process.execPath, CLI, ...args];
  return new Promise((resolve) => {
    const child = spawn("ip", argv, { stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on("close", (code, signal) =>
      resolve({ code, stdout, stderr: signal === null ? stderr : `${stderr}killed by ${signal}` }),
    );
  });
}

/** The report of a `path` run; everything that went wrong is in the error. */
export async function tracePath(
  net: Net,
  args: readonly string[],
  options: { readonly host?: string; readonly resolvConf?: string } = {},
): Promise<{ readonly report: Report; readonly code: number | null; readonly json: string }> {
  const full = ["path", ...args, "--json"];
  const result = await runTool(net, options.host ?? "guest", full, options.resolvConf ?? null);
  if (result.stdout === "") throw new Error(`exit ${result.code}: ${result.stderr}`);
  const parsed = report.parse(JSON.parse(result.stdout));
  return { report: parsed, code: result.code, json: result.stdout };
}
