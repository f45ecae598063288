// Makes what is published, in packages/: for each architecture one file, a .tar.gz and a .deb, and their checksums.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { environment, runQuietly, SetUpError } from "../processes.mjs";
import { inCheckout } from "../root.mjs";
import { findProgram } from "../search-path.mjs";
import { notify, npmCommand, setUp } from "../setup.mjs";
import { checksums, packDebian, packOneFile, packTar } from "./archives.mjs";
import { ARCHITECTURES } from "./pins.mjs";

const OPTIONS = {
  arch: { type: "string", default: "x64,arm64" },
  out: { type: "string", default: "packages" },
};
const BINUTILS = { x64: "binutils", arm64: "binutils-aarch64-linux-gnu" };

/** @returns the exit code */
export async function main(args) {
  const { values } = parseArgs({ args, options: OPTIONS });
  const platforms = values.arch.split(",");
  const unknown = platforms.find((platform) => ARCHITECTURES[platform] === undefined);
  if (unknown !== undefined)
    throw fail(`there is no ${unknown}: ${Object.keys(ARCHITECTURES).join(", ")}`, 2);
  const strips = Object.fromEntries(platforms.map((platform) => [platform, findStrip(platform)]));
  await setUp({ packages: [] });
  const out = resolve(inCheckout(""), values.out);
  const { version } = JSON.parse(await readFile(inCheckout("package.json"), "utf8"));
  // Only now: both bundle, with what the set-up has just installed.
  const { makePages } = await import("./pages.mjs");
  const { makeTree } = await import("./tree.mjs");
  const pages = await makePages(version, { run });
  const files = [];
  for (const platform of platforms) {
    files.push(
      ...(await packPlatform({ platform, version, out, strip: strips[platform], pages, makeTree })),
    );
  }
  await writeFile(join(out, "SHA256SUMS"), await checksums(files.sort()));
  notify(`checksums: ${join(out, "SHA256SUMS")}`);
  return 0;
}

async function packPlatform({ platform, version, out, strip, pages, makeTree }) {
  const architecture = ARCHITECTURES[platform];
  const name = `wsl-trace-${version}-linux-${platform}`;
  const folder = join(out, "work", name);
  await rm(join(out, "work"), { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  notify(`${name}: Node ${architecture.node.version}, koffi ${architecture.koffi.version}`);
  const tools = {
    cache: inCheckout("node_modules/.wsl-trace-packages"),
    npm: npmCommand(),
    run,
    strip,
    fail,
  };
  await makeTree(folder, { platform, architecture }, tools);
  const one = join(out, name);
  const deb = join(out, `wsl-trace_${version}_${architecture.debian}.deb`);
  const debian = { version, architecture: architecture.debian, pages, run };
  await packDebian(folder, deb, debian);
  await writeFile(join(folder, "wsl-trace"), FOLDER_LAUNCHER, { mode: 0o755 });
  for (const { inFolder, text } of pages) {
    await mkdir(dirname(join(folder, inFolder)), { recursive: true });
    await writeFile(join(folder, inFolder), text);
  }
  const archive = `${one}.tar.gz`;
  await packTar(folder, archive, { run });
  await packOneFile(archive, one, { version, machine: architecture.machine, inside: name });
  await rm(join(out, "work"), { recursive: true });
  return [one, archive, deb];
}

const FOLDER_LAUNCHER = `#!/bin/sh
# Starts what stands beside it, also through a symbolic link.
here=$(dirname "$(readlink -f "$0")")
unset NODE_OPTIONS
exec "$here/node" "$here/dist/cli.js" "$@"
`;

function findStrip(platform) {
  const found = ARCHITECTURES[platform].strips.find(
    (name) => findProgram(name, environment.PATH) !== null,
  );
  if (found !== undefined) return found;
  throw fail(`no strip for ${platform}: apt-get install ${BINUTILS[platform]}`);
}

async function run(file, args, extra = {}) {
  const { code, output } = await runQuietly(file, args, { extra });
  if (code !== 0) throw fail(`${file} ended with ${code}:\n${output.trim()}`);
  return output;
}

function fail(sentence, code = 3) {
  return new SetUpError(sentence, code);
}
