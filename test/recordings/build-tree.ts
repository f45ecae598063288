// Builds what replays recordings out of a commit, or of the working tree, in a folder of its own.

import { cp, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import { execa } from "execa";
import * as z from "zod";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** What a build reads. */
const SOURCES = ["src", "probes", "ui", "scripts", "package.json", "package-lock.json"];
const NOT_COPIED = new Set(["node_modules", "dist"]);

/**
 * @param commit null: the files as they are now
 * @param folder is made, and is the caller's to remove
 * @returns a program that replays recordings: `node PROGRAM FOLDER FILE...` writes what `wsl-trace replay` prints for each
 * @throws Error when git does not know the commit, or it does not build
 */
export async function buildTree(commit: string | null, folder: string): Promise<string> {
  await mkdir(folder);
  if (commit === null) await copySources(folder);
  else await extract(commit, folder);
  await linkPackages(folder);
  const outfile = path.join(folder, "replay-all.mjs");
  await build({
    stdin: { contents: REPLAY_ALL, resolveDir: folder, loader: "ts" },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "error",
  });
  return outfile;
}

/** One process for all: the start is most of what a single replay takes. */
const REPLAY_ALL = `
import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { replay } from "./src/commands/replay.ts";

const [folder, ...files] = process.argv.slice(2);
// All that any build's replay asks for; what an older one does not know, it leaves alone.
const options = { explainRun: false, lang: "en", recordFile: null, redaction: { applied: false, target: false }, once: true };
const unused = async () => { throw new Error("a replay asked for what only a trace needs"); };
for (const file of files) {
  for (const json of [false, true]) {
    let printed = "";
    const print = (text) => { printed += text; };
    const code = await replay(file, { ...options, json }, {
      readText: (name) => readFile(name, "utf8"), print, notify: print, film: null, writeText: unused, packetTools: unused,
    }).catch((error) => {
      // A recording that a build does not read is a difference; a build that breaks has shown none.
      if (error?.name !== "TraceError") throw error;
      return String(error);
    });
    await writeFile(join(folder, basename(file) + (json ? ".json" : ".txt")), printed + "exit code " + code + "\\n");
  }
}
`;

async function copySources(folder: string): Promise<void> {
  const filter = (file: string) => !NOT_COPIED.has(path.basename(file));
  for (const source of SOURCES) {
    await cp(path.join(ROOT, source), path.join(folder, source), { recursive: true, filter });
  }
}

async function extract(commit: string, folder: string): Promise<void> {
  const archive = path.join(folder, "sources.tar");
  await execa("git", ["archive", "--format=tar", "-o", archive, commit], { cwd: ROOT });
  await execa("tar", ["-xf", archive, "-C", folder]);
}

const manifest = z.object({ name: z.string(), workspaces: z.array(z.string()).default([]) });

/** The installed packages, but with the tree's own workspaces in place of ours. */
async function linkPackages(folder: string): Promise<void> {
  const { workspaces } = await readManifest(folder);
  const own = new Map<string, string>();
  for (const place of workspaces) {
    own.set((await readManifest(path.join(folder, place))).name, path.join(folder, place));
  }
  const from = path.join(ROOT, "node_modules");
  for (const name of await packageNames(from)) {
    const link = path.join(folder, "node_modules", name);
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(own.get(name) ?? path.join(from, name), link);
    own.delete(name);
  }
  // A workspace that is not there yet, or no longer, among ours.
  for (const [name, place] of own) await symlink(place, path.join(folder, "node_modules", name));
}

async function readManifest(folder: string) {
  return manifest.parse(JSON.parse(await readFile(path.join(folder, "package.json"), "utf8")));
}

async function packageNames(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  const scoped = names
    .filter((name) => name.startsWith("@"))
    .map(async (scope) =>
      (await readdir(path.join(folder, scope))).map((name) => `${scope}/${name}`),
    );
  const plain = names.filter((name) => !name.startsWith("@"));
  return [...plain, ...(await Promise.all(scoped)).flat()];
}
