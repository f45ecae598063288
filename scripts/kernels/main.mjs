// Boots Debian's kernels under qemu with the built tool, and reports which hooks attach and which drops are seen.

import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environment, runQuietly, SetUpError } from "../processes.mjs";
import { inCheckout } from "../root.mjs";
import { findProgram } from "../search-path.mjs";
import { setUp } from "../setup.mjs";
import { judge, readConsole } from "./console.mjs";
import { makeInitramfs } from "./initramfs.mjs";

/** The series, of which apt's newest is taken. */
const SERIES = ["6.1", "6.12"];
/** TCG takes its time; a kernel that panics prints nothing more. */
const SILENCE_MS = 300_000;
const MEMORY_MB = "1500";

const fail = (message) => new SetUpError(message);
const say = (line) => process.stdout.write(`${line}\n`);

/** @param asked series to test, all of them without any */
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
    for (const one of series) failed += await testKernel(one, work, busybox);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  say(`${series.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

async function testKernel(series, work, busybox) {
  const name = await newestImage(series);
  const folder = await unpack(name, work);
  const image = readdirSync(join(folder, "boot")).find((file) => file.startsWith("vmlinuz-"));
  if (image === undefined) throw fail(`${name} holds no kernel`);
  const version = image.replace("vmlinuz-", "");
  const tools = { runQuietly, fail, inCheckout, busybox, path: environment.PATH };
  const initramfs = await makeInitramfs({ folder, version }, join(work, `root-${series}`), tools);
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

/** The newest that apt offers of a series, for the cloud: small, and with BTF. */
async function newestImage(series) {
  const pattern = `^linux-image-${series.replace(".", "\\.")}[.].*-cloud-amd64$`;
  const { output } = await runQuietly("apt-cache", ["search", "--names-only", pattern]);
  const names = output.split("\n").flatMap((line) => line.split(" ")[0] || []);
  const byVersion = new Intl.Collator("en", { numeric: true }).compare;
  const newest = names.sort(byVersion).at(-1);
  if (newest !== undefined) return newest;
  throw fail(
    `apt offers no linux-image-${series}.*-cloud-amd64: run apt-get update, or add bookworm-backports`,
  );
}

/** Downloads a package and unpacks it; nothing is installed. */
async function unpack(name, work) {
  const folder = join(work, name);
  mkdirSync(folder);
  const script = 'cd "$1" && apt-get download "$2" && dpkg-deb -x ./*.deb . && rm -f ./*.deb';
  const { code, output } = await runQuietly("sh", ["-c", script, "sh", folder, name]);
  if (code !== 0) throw fail(`${name} could not be downloaded:\n${output.trim()}`);
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
