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

it("a VPN that connects in the middle is judged, and its end too, each with its time", async () => {
  const pidFile = path.join(folder.path, "vpn-pid");
  terminal = await openTerminal(120, 40);
  const { type, press, shows } = terminal;
  const trace = `node ${CLI} path github.com -4 --lab wsl2-healthy --no-wait`;
  await type(`sh -c 'echo $$ > ${pidFile}; exec ${trace}'; echo exit $?`);
  await vi.waitFor(() => expect(readFileSync(pidFile, "utf8")).toMatch(/^\d+\n$/), PATIENT);
  await shows("a round every 2 s");
  const guest = `wt${readFileSync(pidFile, "utf8").trim()}g`;
  const ip = (...args: readonly string[]) => execa("ip", ["-n", guest, ...args]);
  // A client of the distro's own, whose far end answers nothing.
  await ip("link", "add", "wg0", "type", "veth", "peer", "name", "wg1");
  await ip("addr", "add", "10.66.0.2/24", "dev", "wg0");
  for (const link of ["wg0", "wg1"]) await ip("link", "set", link, "up");
  await ip("route", "add", "192.0.2.0/24", "via", "10.66.0.9", "dev", "wg0");
  await shows(/\d\d:\d\d:\d\d verdict for github\.com: healthy -> fault, vpn-client-inside-wsl/);
  await ip("link", "del", "wg0");
  await shows(/\d\d:\d\d:\d\d verdict for github\.com: fault, vpn-client-inside-wsl -> healthy/);
  await press("9");
  await shows("link wg0: not there -> up, mtu 1500");
  await shows("route 192.0.2.0/24: 192.0.2.0/24 via 10.66.0.9 dev wg0 -> gone");
  await press("q");
  await shows("exit 0");
}, 240_000);
