// The clipboard: the bytes that clip.exe and a terminal get, and what is said where neither takes them.

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { realSystem } from "../../../probes/system.ts";
import { copyToClipboard } from "../../../src/wiring/clipboard.ts";

const TEXT = "路径 MTU 1400\n## Verdict: fault ✖ \u{1F50E}\n";
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "clipboard-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

async function copy(text: string, { clip = "", isTTY = true } = {}) {
  const written: string[] = [];
  const program = join(folder, "clip.exe");
  writeFileSync(program, `#!/bin/sh\n${clip}\n`);
  chmodSync(program, 0o755);
  const env = clip === "" ? {} : { WSL_INTEROP: "/run/WSL/1_interop", PATH: folder };
  const stdout = { isTTY, write: (bytes: string) => written.push(bytes) };
  const copied = await copyToClipboard(text, { system: realSystem, env, stdout });
  return { ...copied, written: written.join("") };
}

it("clip.exe gets UTF-16LE behind a byte order mark, and the terminal nothing", async () => {
  const { done, note, written } = await copy(TEXT, { clip: `/bin/cat > ${folder}/got` });
  const got = readFileSync(join(folder, "got"));
  expect([...got.subarray(0, 2)]).toEqual([0xff, 0xfe]);
  expect(got.subarray(2).toString("utf16le")).toBe(TEXT);
  expect([done, note, written]).toEqual([true, "copied to Windows' clipboard", ""]);
});

it("where clip.exe fails, and outside WSL, the terminal gets base64 in OSC 52", async () => {
  for (const clip of ["exit 1", ""]) {
    const { done, written } = await copy(TEXT, { clip });
    const payload = written.slice("\u001b]52;c;".length, -1);
    expect([done, Buffer.from(payload, "base64").toString()]).toEqual([true, TEXT]);
    expect(written).toBe(`\u001b]52;c;${Buffer.from(TEXT).toString("base64")}\u0007`);
  }
});

it("more than terminals carry is not sent at all", async () => {
  const most = await copy("x".repeat(74_994));
  expect([most.done, most.written.length]).toEqual([true, 100_000]);
  const { done, note, written } = await copy("x".repeat(74_995));
  expect([done, written]).toEqual([false, ""]);
  expect(note).toContain("74995 bytes");
});

it("a pipe has no clipboard", async () => {
  const { done, written } = await copy(TEXT, { isTTY: false });
  expect([done, written]).toEqual([false, ""]);
});
