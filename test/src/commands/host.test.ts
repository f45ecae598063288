// `wsl-trace host`: what it prints, what it saves, and the exit codes.

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openOutput } from "../../../probes/output-file.ts";
import { realSystem } from "../../../probes/system.ts";
import { readSnapshotFile } from "../../../probes/windows/host-snapshot.ts";
import { type HostDeps, type HostRequest, host } from "../../../src/commands/host.ts";
import { snapshotOf } from "../host/example.ts";

const folder = mkdtempSync(join(tmpdir(), "wsl-trace-host-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SNAPSHOT = snapshotOf({
  "Get-NetAdapter": [{ Name: "Ethernet\u001b[31m", ifIndex: 9, Status: "Up" }],
  "Get-NetRoute": [],
  "Get-HnsNetwork": { error: "access denied\u001b[2J: no" },
  wslconfig: "[wsl2]",
  "Get-Future": [{ a: 1 }, { a: 2 }],
});

async function run(request: Partial<HostRequest>, more: Partial<HostDeps> = {}) {
  const printed: string[] = [];
  const code = await host(
    { json: false, saveFile: null, script: false, elevated: false, redacted: true, ...request },
    {
      collect: async () => ({ kind: "snapshot", snapshot: SNAPSHOT, note: null }),
      readScript: async () => "# the script\n",
      openFile: openOutput,
      print: (text) => printed.push(text),
      ...more,
    },
  );
  return { code, text: printed.join("") };
}

test("lists every source in one of three states, with nothing that drives a terminal", async () => {
  const { code, text } = await run({});
  expect(code).toBe(0);
  expect(text).toMatch(/^ {2}Get-NetAdapter +1 row$/m);
  expect(text).toMatch(/^ {2}Get-NetRoute +0 rows$/m);
  expect(text).toMatch(/^ {2}Get-HnsNetwork +could not be read: access denied\\x1b\[2J: no$/m);
  expect(text).toMatch(/^ {2}Get-NetNat +not collected$/m);
  expect(text).toMatch(/^ {2}wslconfig +1 row$/m);
  expect(text).toMatch(/^ {2}Get-Future +2 rows$/m);
});

test("reports what a snapshot without PowerShell lacks", async () => {
  const { text } = await run(
    {},
    { collect: async () => ({ kind: "snapshot", snapshot: SNAPSHOT, note: "no PowerShell" }) },
  );
  expect(text).toContain("\nno PowerShell\n");
});

test("--save writes a file of the owner's that --host-snapshot reads back, over an open one too", async () => {
  const saveFile = join(folder, "host.json");
  writeFileSync(saveFile, "old", { mode: 0o644 });
  const { code, text } = await run({ saveFile });
  expect(code).toBe(0);
  expect(text).toContain(`Saved in ${saveFile}`);
  expect(statSync(saveFile).mode & 0o777).toBe(0o600);
  expect(await readSnapshotFile(realSystem, saveFile)).toEqual(SNAPSHOT);
});

test("a file that Windows PowerShell redirected, in UTF-16, is read back too", async () => {
  const file = join(folder, "utf16.json");
  writeFileSync(file, Buffer.from(`\uFEFF${JSON.stringify(SNAPSHOT)}\r\n`, "utf16le"));
  expect(await readSnapshotFile(realSystem, file)).toEqual(SNAPSHOT);
});

const PRIVATE = snapshotOf({
  "Get-NetAdapter": [{ Name: "Zorgatron VPN", ifIndex: 9, MacAddress: "A4-C3-F0-11-22-33" }],
  "Get-NetIPAddress": [{ ifIndex: 9, IPAddress: "81.2.69.142", PrefixLength: 24 }],
  "Get-DnsClientGlobalSetting": [{ SuffixSearchList: ["intranet.zorgatron.example"] }],
});
const SECRET = /zorgatron|81\.2\.69|a4-c3-f0/i;

test("--json has others in the place of names and addresses, and says so; --save has none", async () => {
  const collect = async () => ({ kind: "snapshot", snapshot: PRIVATE, note: null }) as const;
  const saveFile = join(folder, "private.json");
  const { text } = await run({ json: true, saveFile }, { collect });
  expect(text).not.toMatch(SECRET);
  const shown = JSON.parse(text);
  expect(shown).toMatchObject({ schema: "wsl-trace.host/1", redaction: { applied: true } });
  expect(shown.redaction.replaced.map(({ kind }: { kind: string }) => kind)).toEqual(
    expect.arrayContaining(["MAC address", "address", "interface or adapter"]),
  );
  expect(Object.keys(shown.sources)).toEqual(Object.keys(PRIVATE.sources));
  expect(await readSnapshotFile(realSystem, saveFile)).toEqual(PRIVATE);
});

test("--json prints the snapshot itself on request, and says so", async () => {
  const { text } = await run({ json: true, redacted: false });
  const redaction = { applied: false, replaced: [] };
  expect(JSON.parse(text)).toEqual({ ...SNAPSHOT, redaction });
});

test("--json has nothing that drives a terminal or turns its direction", async () => {
  const snapshot = snapshotOf({ "Get-NetAdapter": [{ Name: "E\u009b31m\u202e" }] });
  const collect = async () => ({ kind: "snapshot", snapshot, note: null }) as const;
  const { text } = await run({ json: true, redacted: false }, { collect });
  expect(text).toContain('"E\\u009b31m\\u202e"');
  expect(JSON.parse(text)).toMatchObject(snapshot);
});

test("--script prints the collector and queries nothing", async () => {
  const { code, text } = await run(
    { script: true },
    { collect: () => Promise.reject(new Error("queried")) },
  );
  expect({ code, text }).toEqual({ code: 0, text: "# the script\n" });
});

describe("without an answer", () => {
  test("it ends with exit code 3 and makes no file", async () => {
    const saveFile = join(folder, "none.json");
    const none = { kind: "none", code: "host-timeout", reason: "no answer in 25 s" } as const;
    await expect(run({ saveFile }, { collect: async () => none })).rejects.toMatchObject({
      code: "host-timeout",
      exitCode: 3,
      message: "no Windows evidence: no answer in 25 s",
    });
    expect(() => readFileSync(saveFile)).toThrow("ENOENT");
  });
});
