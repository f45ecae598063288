// What changes while a run measures is told in its verdict: changed as soon as the recording shows that the run has begun.

import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { expect, it } from "vitest";
import { labs } from "../matrix/live.ts";
import { LIVE_ROWS } from "../matrix/rows.ts";

const CLI = new URL("../../dist/cli.js", import.meta.url).pathname;
const LIMIT_MS = 120_000;

// Fixed text. $1: the recording; $2: what is done meanwhile; then the program and its arguments.
const MEANWHILE = `
record=$1; change=$2; shift 2
"$@" & run=$!
until cat "$record".*.partial 2>/dev/null | grep -q '"kind":"route-lookup"'; do kill -0 $run || exit 99; done
eval "$change"
wait $run`;

it.each([
  ["eth0 gets a smaller MTU", "ip link set dev eth0 mtu 1300"],
  ["the default route goes away", "ip route del default"],
  ["a route refuses everything", "ip route add blackhole 192.0.2.0/24"],
])(
  "%s: the verdict says so, and is not healthy",
  async (_what, change) => {
    const row = LIVE_ROWS.find(({ scenario }) => scenario.name === "wsl2-healthy");
    if (row === undefined) throw new Error("the scenario is gone");
    const signal = AbortSignal.timeout(LIMIT_MS);
    const lab = await labs.build(row.scenario, { signal, notify: () => undefined });
    try {
      const record = `${lab.directory}/run.ndjson`;
      const options = ["-4", "--once", "--json", "--no-redact", "--record", record];
      const files = ["--host-snapshot", lab.snapshotFile, "--ca", lab.caFile];
      const argv = [process.execPath, CLI, "path", row.scenario.target, ...options, ...files];
      const { file, args } = lab.vantage.command([
        "sh",
        "-c",
        MEANWHILE,
        "sh",
        record,
        change,
        ...argv,
      ]);
      const { stdout, exitCode, stderr } = await execa(file, args, {
        reject: false,
        stdin: "ignore",
      });
      expect(exitCode, stderr).not.toBe(99);
      const report = JSON.parse(stdout);
      expect(report.verdict).not.toBe("healthy");
      expect(report.reason).toContain(
        "measured across a change: the route went by eth0 to 172.24.16.1 (MTU 1500)",
      );
      expect(await readFile(record, "utf8")).toContain('"when":"after"');
    } finally {
      await lab.dispose();
    }
  },
  LIMIT_MS,
);
