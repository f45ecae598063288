// Continuous mode in a real terminal: a network that changes in the middle gets another verdict, with a line that says when.

import { readFileSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeEach, expect, it, vi } from "vitest";
import { noTmux, openTerminal, type Terminal } from "./harness/tmux.ts";
import { createFolder } from "./independent/tool.ts";

beforeEach(({ skip }) => skip(noTmux, "there is no tmux, which npm test installs as root"));

const CLI = path.resolve(import.meta.dirname, "../../dist/cli.js");
const LINES = 100;
const NUMBERS = Array.from({ length: LINES }, (_, index) => `${index + 1}`);
/** A lab is built, and traced twice. */
const PATIENT = { timeout: 120_000 };

const folder = createFolder();
let terminal: Terminal | undefined;

afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
});
afterAll(() => folder.remove());

it("a link whose MTU is set to the tunnel's makes a fault healthy, with a line for each change", async () => {
  const pidFile = path.join(folder.path, "pid");
  const report = path.join(folder.path, "report.json");
  terminal = await openTerminal(140, 40);
  const { type, press, shows, everything } = terminal;
  const trace = `node ${CLI} path github.com -4 --lab wsl2-vpn --no-wait --no-redact --report ${report}`;
  await type(`seq ${LINES}; sh -c 'echo $$ > ${pidFile}; exec ${trace}'; echo exit $?`);
  await vi.waitFor(() => expect(readFileSync(pidFile, "utf8")).toMatch(/^\d+\n$/), PATIENT);
  await shows("a round every 2 s");
  await shows("vpn-mtu-inbound-blackhole");
  // As what a VPN's own script does, or the fix that is printed.
  const guest = `wt${readFileSync(pidFile, "utf8").trim()}g`;
  await execa("ip", ["-n", guest, "link", "set", "dev", "eth0", "mtu", "1400"]);
  await shows("link eth0: up, mtu 1500 -> up, mtu 1400");
  await shows("verdict for github.com: fault, vpn-mtu-inbound-blackhole -> healthy");
  await press("p");
  await shows("rounds paused");
  await press("p");
  await press("+");
  await shows("a round every 1 s");
  await press("o");
  await shows("over udp");
  await press("2");
  await shows("stdev");
  await press("9");
  await shows("set by key: protocol: auto -> udp");
  await press("q");
  await shows("exit 0");
  const lines = await everything();
  expect(lines.filter((line) => /^\d+$/.test(line))).toEqual(NUMBERS);
  expect(lines.filter((line) => line.includes("Watched after the first verdict"))).toHaveLength(1);
  const { verdict, watch } = JSON.parse(readFileSync(report, "utf8"));
  expect(verdict).toBe("healthy");
  expect(watch.changes.map(({ what }: { what: string }) => what)).toEqual(
    expect.arrayContaining(["link", "verdict", "settings"]),
  );
}, 240_000);
