// `npm run compare -- COMMIT [COMMIT] [--only PART] [--full]`: replays every recording through two builds and lists what differs,
// byte for byte. Without a second commit the working tree is the other side.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { buildTree } from "./build-tree.ts";
import { readRecordings, readRecordingText } from "./files.ts";

/** What is compared: everything that a replay can print. */
const FACES = [".txt", ".json"] as const;
/** Lines of a difference that are shown without --full. */
const SHOWN_LINES = 30;
/** Three lines around a change in a JSON report say little. */
const CONTEXT_LINES = 1;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string", default: "" },
    full: { type: "boolean", default: false },
  },
});

const USAGE = "give a commit, or two: npm run compare -- COMMIT [COMMIT] [--only PART] [--full]";
const [before, after = null] = positionals;
const unknown = await unknownCommits(positionals);
for (const commit of unknown) process.stderr.write(`git knows no commit ${commit}\n`);
if (before === undefined) process.stderr.write(`${USAGE}\n`);
process.exitCode = before === undefined || unknown.length > 0 ? 2 : await compare(before, after);

async function unknownCommits(names: readonly string[]): Promise<readonly string[]> {
  const known = await Promise.all(
    names.map((name) =>
      execa("git", ["rev-parse", "--quiet", "--verify", `${name}^{commit}`], { reject: false }),
    ),
  );
  return names.filter((_, index) => known[index]?.exitCode !== 0);
}

async function compare(first: string, second: string | null): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), "wsl-trace-compare-"));
  try {
    const parts = values.only.split(",");
    const files = readRecordings()
      .flatMap((recording) => recording.files)
      .filter((file) => parts.some((part) => file.includes(part)));
    for (const file of files) await writeFile(recordingIn(folder, file), readRecordingText(file));
    await Promise.all([
      replayAll(first, path.join(folder, "before"), files),
      replayAll(second, path.join(folder, "after"), files),
    ]);
    const changed: string[] = [];
    for (const file of files) {
      const texts = await differences(file, folder);
      for (const text of texts) process.stdout.write(`${text}\n`);
      if (texts.length > 0) changed.push(file);
    }
    const sides = `${first} and ${second ?? "the working tree"}`;
    process.stdout.write(
      `\n${changed.length} of ${files.length} recordings differ between ${sides}\n`,
    );
    return changed.length === 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function recordingIn(folder: string, file: string): string {
  return path.join(folder, file.replace(/\.gz$/, ""));
}

async function replayAll(
  commit: string | null,
  folder: string,
  files: readonly string[],
): Promise<void> {
  const program = await buildTree(commit, folder);
  const recordings = files.map((file) => recordingIn(path.dirname(folder), file));
  await execa(process.execPath, [program, folder, ...recordings], {
    // Node 20 parses that file at every start.
    env: { NODE_EXTRA_CA_CERTS: undefined },
  });
}

/** A text for each face in which the builds do not print the same. */
async function differences(file: string, folder: string): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const face of FACES) {
    const sides = ["before", "after"].map((side) =>
      recordingIn(path.join(folder, side), `${file.replace(/\.gz$/, "")}${face}`),
    );
    const contents = await Promise.all(sides.map((side) => readFile(side, "utf8")));
    if (contents[0] === contents[1]) continue;
    const labels = ["--label", `${file} before`, "--label", "after"];
    const { stdout } = await execa("diff", [`-U${CONTEXT_LINES}`, ...labels, ...sides], {
      reject: false,
    });
    texts.push(values.full ? stdout : shortened(stdout));
  }
  return texts;
}

function shortened(diff: string): string {
  const lines = diff.split("\n");
  const more = lines.length - SHOWN_LINES;
  if (more <= 0) return diff;
  return [...lines.slice(0, SHOWN_LINES), `(${more} more lines: --full)`].join("\n");
}
