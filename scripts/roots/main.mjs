// Runs the main job from each form of the package in clean systems, and prints a table of it. As root.

import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { blockOf, replaceBlock } from "../generated-block.mjs";
import { environment, runQuietly, SetUpError } from "../processes.mjs";
import { inCheckout } from "../root.mjs";
import { findProgram } from "../search-path.mjs";
import { isRoot, notify, npmCommand } from "../setup.mjs";
import { CASES, caseName } from "./cases.mjs";
import { provideNode } from "./nodes.mjs";
import { provideSystem } from "./systems.mjs";
import { rowOf, tableOf, updatedTable } from "./table.mjs";

const OPTIONS = {
  only: { type: "string", default: "" },
  packages: { type: "string", default: "packages" },
  tests: { type: "boolean", default: false },
  write: { type: "boolean", default: false },
  arm64: { type: "boolean", default: false },
};
const PROGRAMS = { mmdebstrap: "mmdebstrap", bwrap: "bubblewrap", git: "git", ip: "iproute2" };
const CACHE = "node_modules/.wsl-trace-packages";
const DOCUMENT = "docs/install.md";

/** @returns the exit code */
export async function main(args) {
  const { values } = parseArgs({ args, options: OPTIONS });
  requirePrograms();
  if (values.arm64) return runArm64(resolve(inCheckout(""), values.packages));
  const cases = CASES.filter(
    (one) => caseName(one).includes(values.only) && (values.tests || !one.asked),
  );
  await removeLeftovers();
  const work = await mkdtemp(join(tmpdir(), `${FOLDER}${process.pid}-`));
  try {
    const prepared = await prepare(cases, work, resolve(inCheckout(""), values.packages));
    const rows = [];
    for (const one of cases) {
      const row = await runCase(one, prepared);
      rows.push(row);
      notify(`${row.right ? "right" : "WRONG"}: ${caseName(one)}: ${row.outcome}`);
      if (!row.right) notify(row.output.split("\n").slice(-LINES_SHOWN).join("\n"));
    }
    const table = tableOf(rows);
    process.stdout.write(`${table}\n`);
    if (values.write) await writeTable(rows);
    const wrong = rows.filter(({ right }) => !right).length;
    process.stdout.write(`${rows.length - wrong} passed, ${wrong} failed\n`);
    return wrong === 0 ? 0 : 1;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** What went wrong stands near the end. */
const LINES_SHOWN = 60;
const FOLDER = "wsl-trace-roots-";

/** What a run has left that was killed. */
async function removeLeftovers() {
  const pattern = new RegExp(`^${FOLDER}(\\d+)-`);
  for (const name of await readdir(tmpdir())) {
    const [, pid] = pattern.exec(name) ?? [];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function requirePrograms() {
  if (!isRoot()) throw new SetUpError("clean systems are mounted: run this as root");
  const missing = Object.keys(PROGRAMS).filter(
    (name) => findProgram(name, environment.PATH) === null,
  );
  if (missing.length === 0) return;
  throw new SetUpError(
    `missing programs: apt-get install ${missing.map((name) => PROGRAMS[name]).join(" ")}`,
  );
}

/** The one file for arm64 under qemu-user: what sends nothing. */
async function runArm64(packages) {
  const qemu = findProgram("qemu-aarch64-static", environment.PATH);
  if (qemu === null)
    throw fail("there is no qemu-aarch64-static: apt-get install qemu-user-static");
  const tools = { run, notify };
  const system = await provideSystem("arm64", inCheckout(`${CACHE}/systems`), tools);
  const file = await findPackage(packages, /-linux-arm64$/);
  const namespaces = ["--user", "--map-root-user", "--mount-proc", "--pid", "--fork"];
  const args = ["--kill-child=SIGKILL", "sh", inCheckout("scripts/roots/arm64.sh")];
  const started = [...namespaces, ...args, system, file, qemu];
  const { code, output } = await runUnshared(started);
  const lines = output.trim().split("\n");
  process.stdout.write(`${lines.join("\n")}\n`);
  return code === 0 && lines.every((line) => line.includes(": exit code 0, ")) ? 0 : 1;
}

/** The systems, the Nodes, and a folder with every form. */
async function prepare(cases, work, packages) {
  const cache = inCheckout(CACHE);
  const tools = { cache, npm: npmCommand(), run, notify, fail };
  const forms = join(work, "forms");
  await mkdir(forms);
  await copyFile(inCheckout("scripts/roots/inside.sh"), join(forms, "inside.sh"));
  if (cases.some(({ offline }) => offline)) await copyPackages(packages, forms);
  if (cases.some(({ offline }) => !offline)) await packClone(forms, tools);
  const systems = new Map();
  const nodes = new Map();
  for (const { system, node } of cases) {
    if (!systems.has(system)) {
      systems.set(system, await provideSystem(system, join(cache, "systems"), tools));
    }
    if (node !== null && !nodes.has(node)) nodes.set(node, await provideNode(node, work, tools));
  }
  return { forms, systems, nodes };
}

async function copyPackages(packages, forms) {
  const wanted = {
    "one-file": /-linux-x64$/,
    "archive.tar.gz": /-x64\.tar\.gz$/,
    "wsl-trace.deb": /_amd64\.deb$/,
  };
  for (const [name, pattern] of Object.entries(wanted)) {
    await copyFile(await findPackage(packages, pattern), join(forms, name));
  }
}

async function findPackage(packages, pattern) {
  const names = existsSync(packages) ? await readdir(packages) : [];
  const found = names.find((file) => pattern.test(file));
  if (found !== undefined) return join(packages, found);
  throw fail("the packages are not built: npm run package");
}

/** A clean clone of what is committed, and what `npm pack` makes of another one. */
async function packClone(forms, { npm }) {
  const [file, ...first] = npm;
  for (const name of ["clone", "packed"]) {
    await run("git", ["clone", "--quiet", "--no-hardlinks", inCheckout(""), join(forms, name)]);
  }
  notify("npm pack in a clean clone");
  const prefix = ["--prefix", join(forms, "packed")];
  await run(file, [
    ...first,
    "pack",
    ...prefix,
    join(forms, "packed"),
    "--pack-destination",
    forms,
  ]);
  const archive = (await readdir(forms)).find((name) => /^wsl-trace-.*\.tgz$/.test(name));
  if (archive === undefined) throw fail("npm pack made no archive");
  await copyFile(join(forms, archive), join(forms, "wsl-trace.tgz"));
  await rm(join(forms, "packed"), { recursive: true });
}

/** Longer than apt or npm say nothing, on a busy machine. */
const SILENCE_MS = 600_000;

async function runCase(one, { forms, systems, nodes }) {
  const { system, form, user, node, offline } = one;
  const network = offline ? ["--net"] : [];
  const namespaces = ["--mount-proc", "--pid", "--fork", "--kill-child=SIGKILL", ...network];
  const outside = inCheckout("scripts/roots/outside.sh");
  const own = [systems.get(system), forms, nodes.get(node) ?? "", offline ? "offline" : "online"];
  const args = [...namespaces, "sh", outside, ...own, form, user, process.execPath];
  const { output } = await runUnshared(args);
  return rowOf(one, output);
}

/** Ended when this is, however that comes. */
function runUnshared(args) {
  const killable = ["--pdeathsig", "TERM", "sh", inCheckout("scripts/roots/killable.sh")];
  return runQuietly("setpriv", [...killable, "unshare", ...args], { silenceMs: SILENCE_MS });
}

/** A part of the cases takes the place of its rows alone. */
async function writeTable(rows) {
  const file = inCheckout(DOCUMENT);
  const text = await readFile(file, "utf8");
  await writeFile(file, replaceBlock(text, "roots", updatedTable(blockOf(text, "roots"), rows)));
}

async function run(file, args, extra = {}) {
  const { code, output } = await runQuietly(file, args, { extra });
  if (code !== 0) throw fail(`${file} ended with ${code}:\n${output.trim()}`);
  return output;
}

function fail(sentence) {
  return new SetUpError(sentence);
}
