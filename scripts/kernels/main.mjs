// Boots Debian's kernels under qemu with the built tool, and reports which hooks attach and which drops are seen.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { environment, runQuietly, SetUpError } from "../processes.mjs";
import { inCheckout } from "../root.mjs";
import { findProgram } from "../search-path.mjs";
import { setUp } from "../setup.mjs";
import { judge, readConsole } from "./console.mjs";
import { makeInitramfs } from "./initramfs.mjs";

/** A series of a Debian suite, of which the newest is taken. */
const SERIES = ["5.10@bullseye", "6.1@bookworm", "6.12@trixie"];
/** TCG takes its time; a kernel that panics prints nothing more. */
const SILENCE_MS = 300_000;
const MEMORY_MB = "1500";

const fail = (message) => new SetUpError(message);
const say = (line) => process.stdout.write(`${line}\n`);

/** @param asked for each kernel a series ("6.1": of this system's apt), SERIES@SUITE, or a .deb; all of SERIES without any */
export async function main(asked) {
  await setUp();
  if (findProgram("qemu-system-x86_64", environment.PATH) === null) {
    throw fail(
      "qemu-system-x86_64 is missing: apt-get install --no-install-recommends qemu-system-x86",
    );
  }
  const series = asked.length === 0 ? SERIES : asked;
  const work = mkdtempSync(join(tmpdir(), "wsl-trace-kernels-"));
  let failed = 0;
  try {
    const busybox = join(await unpack("busybox-static", work), "bin/busybox");
    for (const [n, one] of series.entries()) {
      const folder = join(work, `kernel-${n}`);
      mkdirSync(folder);
      failed += await testKernel(one, folder, busybox);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  say(`${series.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

async function testKernel(asked, work, busybox) {
  const folder = await unpackKernel(asked, work);
  const image = readdirSync(join(folder, "boot")).find((file) => file.startsWith("vmlinuz-"));
  if (image === undefined) throw fail(`${asked} holds no kernel`);
  const version = image.replace("vmlinuz-", "");
  const tools = { runQuietly, fail, inCheckout, busybox, path: environment.PATH };
  const initramfs = await makeInitramfs({ folder, version }, join(work, "root"), tools);
  say(`Linux ${version}`);
  const output = await boot(join(folder, "boot", image), initramfs);
  const seen = readConsole(output);
  const problems = judge(seen);
  for (const line of [...seen.lines, ...problems.map((problem) => `FAILED: ${problem}`)]) {
    say(`  ${line}`);
  }
  if (problems.length > 0) say(output.split("\n").slice(-40).join("\n"));
  return problems.length === 0 ? 0 : 1;
}

async function unpackKernel(asked, work) {
  if (asked.endsWith(".deb")) return unpackFile(resolve(asked), join(work, "package"));
  const [series, suite] = asked.split("@");
  const apt = suite === undefined ? [] : await suiteOptions(suite, work);
  return unpack(await newestImage(series, apt), work, apt);
}

/** Lists of a suite that this system's apt does not have, in a folder of their own. */
async function suiteOptions(suite, work) {
  const state = join(work, "apt");
  mkdirSync(join(state, "lists/partial"), { recursive: true });
  mkdirSync(join(state, "cache/archives/partial"), { recursive: true });
  const list = join(state, "sources.list");
  writeFileSync(list, `deb ${MIRROR} ${suite} main\n`);
  const set = { sourcelist: list, sourceparts: "-" };
  const options = [
    ...Object.entries(set).map(([name, value]) => `Dir::Etc::${name}=${value}`),
    `Dir::State=${state}`,
    `Dir::State::status=/var/lib/dpkg/status`,
    `Dir::Cache=${join(state, "cache")}`,
  ].flatMap((option) => ["-o", option]);
  const { code, output } = await runQuietly("apt-get", [...options, "update"]);
  if (code !== 0) throw fail(`the lists of ${suite} could not be had:\n${output.trim()}`);
  return options;
}

const MIRROR = "http://deb.debian.org/debian";

/** The newest that apt offers of a series, for the cloud: small, and with BTF. */
async function newestImage(series, apt) {
  const pattern = `^linux-image-${series.replace(".", "\\.")}[.].*-cloud-amd64$`;
  const { output } = await runQuietly("apt-cache", [...apt, "search", "--names-only", pattern]);
  const names = output.split("\n").flatMap((line) => line.split(" ")[0] || []);
  const byVersion = new Intl.Collator("en", { numeric: true }).compare;
  const newest = names.sort(byVersion).at(-1);
  if (newest !== undefined) return newest;
  throw fail(
    `apt offers no linux-image-${series}.*-cloud-amd64: run apt-get update, or name its suite (${series}@bookworm)`,
  );
}

/** Downloads a package and unpacks it; nothing is installed. */
async function unpack(name, work, apt = []) {
  const folder = join(work, name);
  mkdirSync(folder);
  const script = 'cd "$1" && name=$2 && shift 2 && apt-get "$@" download "$name"';
  const args = ["-c", script, "sh", folder, name, ...apt];
  const { code, output } = await runQuietly("sh", args);
  if (code !== 0) throw fail(`${name} could not be downloaded:\n${output.trim()}`);
  const file = readdirSync(folder).find((one) => one.endsWith(".deb"));
  return unpackFile(join(folder, file), join(folder, "files"));
}

async function unpackFile(file, folder) {
  const { code, output } = await runQuietly("dpkg-deb", ["-x", file, folder]);
  if (code !== 0) throw fail(`${file} could not be unpacked: ${output.trim()}`);
  return folder;
}

async function boot(kernel, initramfs) {
  const machine = ["-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", MEMORY_MB];
  const console = [
    "-nographic",
    "-no-reboot",
    "-append",
    "console=ttyS0 panic=-1 quiet loglevel=1",
  ];
  const { output } = await runQuietly(
    "qemu-system-x86_64",
    [...machine, "-nic", "none", "-kernel", kernel, "-initrd", initramfs, ...console],
    { silenceMs: SILENCE_MS },
  );
  return output;
}
