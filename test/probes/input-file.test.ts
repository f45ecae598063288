// What may be named where a file is read: pipes, devices, folders, what is too large.

import { execFileSync, spawn } from "node:child_process";
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NAMED_FILE, readInput, readInputSync } from "../../probes/input-file.ts";
import { readSettings } from "../../src/wiring/config.ts";

let folder = "";
const file = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wsl-trace-input-"));
  execFileSync("mkfifo", [file("pipe")]);
  writeFileSync(file("large"), "");
  truncateSync(file("large"), 1_000_000_000);
  writeFileSync(file("text"), "kept \u00e9\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a file is read whole, and so is one of /proc, which has no size", async () => {
  expect(await readInput(file("text"))).toBe("kept \u00e9\n");
  expect(readInputSync(file("text"))).toBe("kept \u00e9\n");
  expect(await readInput("/proc/self/status")).toContain("VmRSS");
  expect(await readInput("/dev/null")).toBe("");
});

test.each([
  ["pipe", "a pipe"],
  ["large", "larger than 64 MB"],
  ["/dev/zero", "a device"],
  [".", "EISDIR"],
  ["none", "ENOENT"],
])("%s is refused with its reason where the system names the file", async (name, why) => {
  const path = name.startsWith("/") ? name : file(name);
  await expect(readInput(path)).rejects.toThrow(why);
  expect(() => readInputSync(path)).toThrow(why);
});

test.each([
  ["pipe", "nobody writes into it"],
  ["large", "larger than 200 MB"],
  ["/dev/zero", "a device"],
])("%s is refused with its reason where the user names it", async (name, why) => {
  await expect(readInput(name.startsWith("/") ? name : file(name), NAMED_FILE)).rejects.toThrow(
    why,
  );
});

/** Opens both ends, so that the pipe has a writer before it is read. */
const WRITER = `exec 3<>"$1"; echo ready; read -r go; echo first >&3; read -r go; echo last >&3; exec 3>&-`;

test("a pipe that a program fills is read to its end, however long that rests", async () => {
  const child = spawn("sh", ["-c", WRITER, "sh", file("pipe")]);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  // What is written stays, even where the writer is gone before the pipe is opened to be read.
  const held = openSync(file("pipe"), constants.O_RDONLY | constants.O_NONBLOCK);
  const text = readInput(file("pipe"), NAMED_FILE);
  child.stdin.write("go\n");
  await new Promise((resolve) => setImmediate(resolve));
  child.stdin.write("go\n");
  expect(await text.finally(() => closeSync(held))).toBe("first\nlast\n");
});

test.each(["pipe", "large", "/dev/zero", "."])(
  "settings that are %s stop the run in one sentence",
  (name) => {
    const path = name.startsWith("/") ? name : file(name);
    expect(() => readSettings(path)).toThrow(
      /^the settings .+ cannot be read \(.+\): mend or remove it$/,
    );
  },
);

test("what a user names may be packed, whose text has the same bound", async () => {
  writeFileSync(file("packed.gz"), gzipSync("kept \u00e9\n"));
  writeFileSync(file("bomb.gz"), gzipSync(Buffer.alloc(5_000_000)));
  writeFileSync(file("cut.gz"), gzipSync("kept").subarray(0, 15));
  expect(await readInput(file("packed.gz"), NAMED_FILE)).toBe("kept \u00e9\n");
  const small = { ...NAMED_FILE, mostBytes: 1_000_000 };
  await expect(readInput(file("bomb.gz"), small)).rejects.toThrow("larger than 1 MB");
  await expect(readInput(file("cut.gz"), NAMED_FILE)).rejects.toThrow("gzip data is broken");
  // Of files that are the system's own, the bytes are the text.
  expect(await readInput(file("packed.gz"))).not.toContain("kept");
});
