// Files that are whole or an error: on a full disk, in a folder that may not be written, for a FIFO without a reader.

import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { openOutput } from "../../probes/output-file.ts";

const isRoot = process.getuid?.() === 0;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wsl-trace-output-"));
});

it("a file has its name, whole and for its owner alone, only when it is closed", () => {
  const name = join(folder, "run.ndjson");
  writeFileSync(name, "of before");
  const output = openOutput(name);
  output.write("one\n");
  expect(readFileSync(name, "utf8")).toBe("of before");
  output.write("two\n");
  output.close();
  expect(readFileSync(name, "utf8")).toBe("one\ntwo\n");
  expect(statSync(name).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["run.ndjson"]);
});

it("a file that is given up leaves nothing behind", () => {
  const output = openOutput(join(folder, "report.json"));
  output.write("half of it");
  output.discard();
  expect(readdirSync(folder)).toEqual([]);
});

it("a symbolic link stays one, and its file is written", () => {
  const [file, link] = [join(folder, "file"), join(folder, "link")];
  writeFileSync(file, "old");
  symlinkSync(file, link);
  const output = openOutput(link);
  output.write("new");
  output.close();
  expect([readFileSync(file, "utf8"), readdirSync(folder)]).toEqual(["new", ["file", "link"]]);
});

it("a folder that is not there is found before anything is written", () => {
  expect(() => openOutput(join(folder, "none", "file"))).toThrow(
    /none\/file cannot be written \(ENOENT: no such file or directory\)/,
  );
});

it.skipIf(isRoot)("a folder that may not be written is found when the file is opened", () => {
  chmodSync(folder, 0o500);
  expect(() => openOutput(join(folder, "file"))).toThrow(/cannot be written \(EACCES/);
});

it("a FIFO that nobody reads is refused at once", () => {
  const fifo = join(folder, "fifo");
  execFileSync("mkfifo", [fifo]);
  expect(() => openOutput(fifo)).toThrow(/nobody reads it/);
});

it("a full device is an error at the end, and writing to it stops no run", () => {
  const output = openOutput("/dev/full");
  output.write("a");
  output.write("b");
  expect(() => output.close()).toThrow(/could not be written whole \(ENOSPC/);
});

it("what was closed in vain is closed: neither a second end nor giving it up hides the error", () => {
  const output = openOutput("/dev/full");
  output.write("a");
  expect(() => output.close()).toThrow(/ENOSPC/);
  output.close();
  output.discard();
  const kept = openOutput(join(folder, "kept"));
  kept.write("a");
  kept.close();
  kept.discard();
  expect(readFileSync(join(folder, "kept"), "utf8")).toBe("a");
});

it.skipIf(!isRoot)("on a full disk the old file stays, and nothing half beside it", () => {
  const script = `
    mount -t tmpfs -o size=16k tmpfs ${folder} || exit 99
    echo old > ${folder}/report.json
    node --import tsx --input-type=module -e '
      const { openOutput } = await import("${new URL("../../probes/output-file.ts", import.meta.url)}");
      const output = openOutput("${folder}/report.json");
      output.write("x".repeat(100000));
      try { output.close(); } catch (error) { console.log(error.exitCode, error.message); }
    '
    cat ${folder}/report.json; ls ${folder}`;
  const { stdout, status } = spawnSync("unshare", ["--mount", "sh", "-c", script], {
    encoding: "utf8",
  });
  // Not every container lets root mount.
  if (status === 99) return;
  expect(stdout).toMatch(/^3 .*could not be written whole \(ENOSPC.*\nold\nreport\.json\n$/);
  expect(existsSync(join(folder, "report.json"))).toBe(false);
});
