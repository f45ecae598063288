// The built command line queries Windows through a PowerShell in its PATH.

import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterAll, expect, test } from "vitest";
import { plainHost } from "../builders/host.ts";

const CLI = new URL("../../dist/cli.js", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "wsl-trace-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** With one folder as the whole PATH, in which powershell.exe is a shell script or nothing. */
function cli(powershell: string | null, ...args: readonly string[]) {
  const file = join(folder, "powershell.exe");
  rmSync(file, { force: true });
  if (powershell !== null) {
    writeFileSync(file, `#!/bin/sh\n${powershell}\n`);
    chmodSync(file, 0o755);
  }
  const { exitCode, stdout, stderr } = execaSync(process.execPath, [CLI, ...args], {
    env: { PATH: `${folder}:/usr/bin:/bin` },
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
  });
  return { code: exitCode, stdout, stderr };
}

const PRINT = `/bin/cat <<'END'\n${JSON.stringify(plainHost)}\nEND`;

test("host lists what Windows reports, and --save keeps it for path", () => {
  const file = join(folder, "host.json");
  const saved = cli(PRINT, "host", "--save", file);
  expect(saved).toMatchObject({ code: 0, stdout: expect.stringContaining("Get-NetRoute") });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(plainHost);
  const { redaction, ...printed } = JSON.parse(cli(PRINT, "host", "--json", "--no-redact").stdout);
  expect(printed).toEqual(plainHost);
  expect(redaction.applied).toBe(false);
  const shown = JSON.parse(cli(PRINT, "host", "--json").stdout);
  expect(shown.redaction.applied).toBe(true);
  expect(Object.keys(shown.sources)).toEqual(Object.keys(printed.sources));
});

test("host --script prints the collector that the bundle carries", () => {
  const { code, stdout } = cli(null, "host", "--script");
  expect(code).toBe(0);
  expect(stdout).toBe(
    readFileSync(new URL("../../probes/windows/collect.ps1", import.meta.url), "utf8"),
  );
});

test("host without Windows ends with exit code 3 and a sentence", () => {
  const { code, stdout, stderr } = cli(null, "host");
  expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  expect(stderr).toMatch(/^wsl-trace: no Windows evidence: .*not WSL.*--script/);
  expect(cli("echo hello", "host")).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("is not JSON"),
  });
  expect(cli(null, "host", "--script", "--json").code).toBe(2);
});

test("--debug shows what was run and what came back, with nothing that drives a terminal", () => {
  const { stderr } = cli("printf 'bad \\033[31m' >&2; exit 9", "host", "--debug");
  expect(stderr).toMatch(
    /debug: windows: run .*powershell\.exe .*-Command \(\d+ characters\), the script over standard input/,
  );
  expect(stderr).toMatch(/exit code 9\) after \d+ ms/);
  expect(stderr).toContain("stderr: bad \\x1b[31m");
  expect(stderr).not.toContain("\u001b");
});

test("path queries Windows by itself, and records the answer", () => {
  const file = join(folder, "run.ndjson");
  const { stderr } = cli(PRINT, "path", "127.0.0.1:1", "--once", "--record", file, "--debug");
  const event = readFileSync(file, "utf8")
    .split("\n")
    .find((line) => line.includes("host-snapshot"));
  expect(JSON.parse(event ?? "{}")).toMatchObject({ origin: "interop", snapshot: plainHost });
  expect(stderr).toContain("1 questions");
});
