// `npm run compare -- COMMIT [COMMIT] [--only PART] [--full]`: replays every recording through two builds and lists what differs,
// byte for byte. Without a second commit the working tree is the other side.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import PQueue from "p-queue";
import { buildTree } from "./build-tree.ts";
import { readRecordings, readRecordingText } from "./files.ts";

/** What is compared: everything that a replay can print. */
const FACES: readonly (readonly string[])[] = [[], ["--json"]];
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
if (before === undefined) process.stderr.write(`${USAGE}\n`);
process.exitCode = before === undefined ? 2 : await compare(before, after);

async function compare(first: string, second: string | null): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), "wsl-trace-compare-"));
  try {
    const builds = [
      await buildTree(first, path.join(folder, "before")),
      await buildTree(second, path.join(folder, "after")),
    ];
    const parts = values.only.split(",");
    const files = readRecordings()
      .flatMap((recording) => recording.files)
      .filter((file) => parts.some((part) => file.includes(part)));
    const queue = new PQueue({ concurrency: availableParallelism() });
    const differing = await queue.addAll(
      files.map((file) => () => differences(file, builds, folder)),
    );
    const changed = differing.filter((texts) => texts.length > 0);
    for (const text of changed.flat()) process.stdout.write(`${text}\n`);
    const sides = `${first} and ${second ?? "the working tree"}`;
    process.stdout.write(
      `\n${changed.length} of ${files.length} recordings differ between ${sides}\n`,
    );
    return changed.length === 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A text for each face in which the builds do not print the same. */
async function differences(
  file: string,
  builds: readonly string[],
  folder: string,
): Promise<readonly string[]> {
  const recording = path.join(folder, file.replace(/\.gz$/, ""));
  await writeFile(recording, readRecordingText(file));
  const texts: string[] = [];
  for (const face of FACES) {
    const outputs: string[] = [];
    for (const [index, cli] of builds.entries()) {
      const output = path.join(folder, `${file}${face.join()}.${index}`);
      await writeFile(output, await replayed(cli, recording, face));
      outputs.push(output);
    }
    const { exitCode, stdout } = await execa(
      "diff",
      [`-U${CONTEXT_LINES}`, "--label", `${file} before`, "--label", "after", ...outputs],
      { reject: false },
    );
    if (exitCode !== 0) texts.push(values.full ? stdout : shortened(stdout));
  }
  return texts;
}

/** Everything that the program prints, and its exit code. */
async function replayed(cli: string, recording: string, face: readonly string[]): Promise<string> {
  const { all, exitCode } = await execa(process.execPath, [cli, "replay", recording, ...face], {
    all: true,
    reject: false,
    // Node 20 parses that file at every start.
    env: { NODE_EXTRA_CA_CERTS: undefined },
  });
  return `${all}\nexit code ${exitCode}\n`;
}

function shortened(diff: string): string {
  const lines = diff.split("\n");
  const more = lines.length - SHOWN_LINES;
  if (more <= 0) return diff;
  return [...lines.slice(0, SHOWN_LINES), `(${more} more lines: --full)`].join("\n");
}
