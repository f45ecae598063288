// What each face of the largest report costs, from the built program: 64 hops on eight flows, 20 adapters, one target and eight.
//
// Run with `npm run bench -- faces`, after a build. Prints seconds, the largest resident set and bytes of each, with the load; asserts nothing.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { worstRecording } from "../builders/worst-recording.ts";
import { formatLoad, quantile } from "./measure.ts";

const CLI = new URL("../../dist/cli.js", import.meta.url).pathname;
const TARGETS = 8;
const PROMISED_S = 2;
const PROMISED_MB = 150;
const KB_PER_MB = 1024;
/** Node reads that file at every start. */
const CLEAN = ["env", "-u", "NODE_EXTRA_CA_CERTS"];
const MOST_BYTES = 2 ** 30;

interface Face {
  readonly name: string;
  /** @param out a file of that face, where it is written to one */
  readonly args: (recordings: readonly string[], out: string) => readonly string[];
  readonly out: string | null;
  /** Whether it takes several runs. */
  readonly several: boolean;
}

function reportTo(out: string, ...options: readonly string[]): Face {
  return {
    name: [out.replace("x", "report"), ...options].join(" "),
    args: (recordings, file) => ["report", ...recordings, "--out", file, ...options],
    out,
    several: true,
  };
}

function replayed(...options: readonly string[]): Face {
  const [file] = options.filter((one) => one.startsWith("x."));
  return {
    name: ["replay", ...options].join(" "),
    args: ([recording = ""], out) => [
      "replay",
      recording,
      ...options.map((one) => (one === file ? out : one)),
    ],
    out: file ?? null,
    several: false,
  };
}

const FACES: readonly Face[] = [
  reportTo("x.md"),
  reportTo("x.md", "--lang", "zh"),
  reportTo("x.html"),
  reportTo("x.html", "--lang", "zh"),
  reportTo("x.json"),
  reportTo("x.txt"),
  replayed("--once"),
  replayed("--explain-run"),
  replayed("--json"),
  replayed("--record", "x.ndjson"),
  replayed("--pcap", "x.pcapng"),
  {
    name: "diff --json",
    args: ([recording = "", other = recording]) => ["diff", recording, other, "--json"],
    out: null,
    several: false,
  },
];

/** @param rounds runs of each */
export async function compareFaces(rounds: number): Promise<void> {
  const folder = mkdtempSync(join(os.tmpdir(), "wsl-trace-faces-"));
  try {
    const recordings = Array.from({ length: TARGETS }, (_, n) => {
      const file = join(folder, `${n}.ndjson`);
      writeFileSync(file, worstRecording(n));
      return file;
    });
    const [one = ""] = recordings;
    process.stdout.write(
      `promised: less than ${PROMISED_S} s and ${PROMISED_MB} MB; a recording has ${statSync(one).size} bytes\n`,
    );
    for (const face of FACES) {
      for (const targets of face.several ? [1, TARGETS] : [1]) {
        const given = face.several ? recordings.slice(0, targets) : recordings.slice(0, 2);
        const runs = Array.from({ length: rounds }, () => run(face, given, folder));
        process.stdout.write(`${row(face, targets, runs)}\n`);
      }
    }
    process.stdout.write(`${formatLoad()}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Ran {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly megabytes: number;
  readonly bytes: number;
}

function row({ name }: Face, targets: number, runs: readonly Ran[]): string {
  const of = (key: keyof Ran) =>
    quantile(
      runs.map((one) => one[key]),
      0.5,
    );
  const most = Math.max(...runs.map(({ megabytes }) => megabytes));
  const over = of("seconds") >= PROMISED_S || most >= PROMISED_MB ? "  MORE THAN PROMISED" : "";
  const title = `${name.padEnd(26)} ${targets === 1 ? "1 target " : `${targets} targets`}`;
  return `${title} ${of("seconds").toFixed(2)} s (processor ${of("cpuSeconds").toFixed(2)} s), ${most.toFixed(0)} MB, ${of("bytes")} bytes${over}`;
}

/** GNU time writes the largest resident set that the kernel counted. */
function run(face: Face, recordings: readonly string[], folder: string): Ran {
  const times = join(folder, "times");
  const out = join(folder, `out-${face.out ?? ""}`);
  const argv = ["-f", "%e %U %S %M", "-o", times, ...CLEAN, process.execPath, CLI];
  const { stdout, stderr, error } = spawnSync(
    "/usr/bin/time",
    [...argv, ...face.args(recordings, out)],
    { maxBuffer: MOST_BYTES },
  );
  if (error !== undefined) throw error;
  const written = face.out === null ? stdout.length : statSync(out).size;
  if (written === 0) throw new Error(stderr.toString());
  // A code of its own comes first, on a line by itself.
  const [line = ""] = readFileSync(times, "utf8").trim().split("\n").slice(-1);
  const [seconds = 0, user = 0, system = 0, kb = 0] = line.split(" ").map(Number);
  return { seconds, cpuSeconds: user + system, megabytes: kb / KB_PER_MB, bytes: written };
}
