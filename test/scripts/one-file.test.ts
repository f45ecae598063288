// The head of the one file that unpacks and starts itself, with a small archive behind it whose "node" is a script.

import { spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packOneFile, packTar } from "../../scripts/package/archives.mjs";
import { runQuietly } from "../../scripts/processes.mjs";
import { folderWith } from "./folder.ts";

const INSIDE = "wsl-trace-1.2.3-linux";
const NODE =
  '#!/bin/sh\nprintf "node %s|" "$@"\nprintf "options %s\\n" "$(printenv NODE_OPTIONS || echo none)"\n';

async function run(file: string, args: readonly string[]): Promise<void> {
  const { code, output } = await runQuietly(file, args);
  if (code !== 0) throw new Error(output);
}

/** A folder with the file in it, made for this machine unless told otherwise, and a cache that does not exist yet. */
async function packed({
  node = NODE,
  machine = process.arch === "arm64" ? "aarch64" : "x86_64",
} = {}) {
  const root = folderWith({ [`${INSIDE}/node`]: node, [`${INSIDE}/dist/cli.js`]: "" });
  chmodSync(join(root, INSIDE, "node"), 0o755);
  const archive = join(root, "contents.tar.gz");
  await packTar(join(root, INSIDE), archive, { run });
  const file = join(root, "wsl-trace");
  await packOneFile(archive, file, { version: "1.2.3", machine, inside: INSIDE });
  return { root, file, cache: join(root, "cache") };
}

interface Started {
  readonly code: number | null;
  readonly output: string;
}

/** Started by sh, as a copy without its execute bit is. */
function start(file: string, env: Readonly<Record<string, string>>, args = ["a b", "$(c)"]) {
  return new Promise<Started>((resolve) => {
    const child = spawn("sh", [file, ...args], { env: { PATH: "/usr/bin:/bin", ...env } });
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (output += text));
    child.on("close", (code) => resolve({ code, output }));
  });
}

describe("the one file", () => {
  it("unpacks itself once, and hands its arguments on as they are", async () => {
    const { file, cache } = await packed();
    const env = { WSL_TRACE_CACHE: cache, NODE_OPTIONS: "--require /nowhere" };
    const first = await start(file, env);
    expect(first.output).toMatch(
      /^node .*\/dist\/cli\.js\|node a b\|node \$\(c\)\|options none\n$/,
    );
    const [folder] = readdirSync(cache);
    expect(readdirSync(cache)).toEqual([expect.stringMatching(/^1\.2\.3-[0-9a-f]{16}$/)]);
    // What would be unpacked again is not looked at any more.
    truncateSync(file, readFileSync(file).lastIndexOf('exec "$folder') + 100);
    expect(await start(file, env)).toEqual(first);
    expect(first.output).toContain(folder);
  });

  it("makes the same bytes each time", async () => {
    const [one, other] = [await packed(), await packed()];
    expect(readFileSync(one.file).equals(readFileSync(other.file))).toBe(true);
  });

  it("is whole for each of several that start at once", async () => {
    const { file, cache } = await packed();
    const started = await Promise.all(
      Array.from({ length: 8 }, () => start(file, { WSL_TRACE_CACHE: cache })),
    );
    expect([...new Set(started.map(({ output }) => output))]).toHaveLength(1);
    expect(started.every(({ code }) => code === 0)).toBe(true);
    expect(readdirSync(cache)).toHaveLength(1);
    expect(readdirSync(join(cache, readdirSync(cache)[0] ?? "")).sort()).toEqual(["dist", "node"]);
  });

  it("reports a copy that was cut off", async () => {
    const { file, cache } = await packed();
    truncateSync(file, readFileSync(file).length - 10);
    const { code, output } = await start(file, { WSL_TRACE_CACHE: cache });
    expect(code).toBe(3);
    expect(output).toContain("it was cut off or changed on the way");
  });

  it("reports line ends that were changed on the way, and a byte that was", async () => {
    const { root, file, cache } = await packed();
    const bytes = readFileSync(file);
    const lines = join(root, "lines");
    writeFileSync(lines, bytes.toString("latin1").replaceAll("\n", "\r\n"), "latin1");
    const said = await start(lines, { WSL_TRACE_CACHE: cache });
    expect(said).toMatchObject({ code: 3, output: expect.stringContaining("(CRLF)") });
    // In gzip's own checksum, behind all that tar reads.
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 8) ^ 1, bytes.length - 8);
    writeFileSync(file, bytes);
    const { code, output } = await start(file, { WSL_TRACE_CACHE: cache });
    expect(code).toBe(3);
    expect(output).toContain("was changed on the way (SHA256SUMS has what it should be)");
    expect(readdirSync(cache)).toEqual([]);
  });

  it("starts nothing from a folder that others may write to", async () => {
    const { root, file, cache } = await packed();
    const env = { WSL_TRACE_CACHE: cache, TMPDIR: join(root, "missing/tmp") };
    await start(file, env);
    const folder = join(cache, readdirSync(cache)[0] ?? "");
    copyFileSync("/bin/false", join(folder, "node"));
    chmodSync(folder, 0o770);
    chmodSync(cache, 0o777);
    const { code, output } = await start(file, env);
    expect(code).toBe(0);
    // In a folder for temporary files, of its own.
    expect(output).toContain(`${join(root, "missing/tmp")}/wsl-trace-`);
  });

  it("reports another machine, and names what is missing when its Node does not start", async () => {
    const other = await packed({ machine: "riscv64" });
    const { output } = await start(other.file, { WSL_TRACE_CACHE: other.cache });
    expect(output).toContain("this file is for riscv64");
    const node =
      "#!/bin/sh\necho 'node: error while loading shared libraries: libstdc++.so.6' >&2\nexit 127\n";
    const broken = await packed({ node });
    const said = await start(broken.file, { WSL_TRACE_CACHE: broken.cache });
    expect(said).toEqual({
      code: 3,
      output: "wsl-trace: libstdc++.so.6 is missing: apt-get install libstdc++6\n",
    });
    // Nothing half unpacked stays behind.
    expect(readdirSync(broken.cache)).toEqual([]);
  });
});
