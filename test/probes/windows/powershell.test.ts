// The command line that carries the collector to PowerShell.

import { expect, test } from "vitest";
import { MAX_COMMAND_LINE, powerShellArguments } from "../../../probes/windows/powershell.ts";
import { compacted, readCollector } from "../../../probes/windows/script-file.ts";

/** What WSL and Windows put around it: quotes, the program's path, \\?\ before it. */
const ROOM = 1000;
const FILE =
  "/mnt/c/Windows/System32/WindowsPowerShell/v1.0/powershell.exe and a longer automount root";

test("fits into what CreateProcess takes", async () => {
  const line = [FILE, ...powerShellArguments(await readCollector())].join(" ");
  expect(line.length).toBeLessThan(MAX_COMMAND_LINE - ROOM);
});

test("holds the script whole, as UTF-16 in base64", async () => {
  const script = await readCollector();
  const encoded = powerShellArguments(script).at(-1) ?? "";
  expect(encoded).toMatch(/^[A-Za-z0-9+/]+=*$/);
  expect(Buffer.from(encoded, "base64").toString("utf16le")).toBe(compacted(script));
});

test("the script is ASCII, and has nothing that dropping comments and indentation would change", async () => {
  const script = await readCollector();
  expect(script).toMatch(/^[\x20-\x7e\n]+$/);
  expect(script).not.toMatch(/@["']\s*\n/);
  expect(script).not.toMatch(/`\s*\n\s*#/);
});
