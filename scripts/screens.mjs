// Makes the pictures of the screen that README shows, or those named: real runs in the lab, on a terminal of tmux. Run by hand, as root.

import { mkdirSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { enter } from "./entry.mjs";

const FOLDER = new URL("../docs/screens/", import.meta.url);
const SIZE = { columns: 120, rows: 30 };
const CASE = "github.com -4 --lab wsl2-vpn";
/** Of rounds, so that there is something to draw. */
const ROUNDS = /round (1[5-9]|[2-9]\d),/;
const SCREENS = [
  { name: "chain", args: `path ${CASE}`, keys: [], shows: [/a round every/] },
  { name: "hops", args: `path ${CASE}`, keys: ["+", "2", "j", "j"], shows: [/stdev/, ROUNDS] },
  { name: "sizes", args: `path ${CASE}`, keys: ["3"], shows: [/offered segments/] },
  {
    name: "targets",
    args: "path github.com example.com 192.0.2.80:80 -4 --lab wsl2-vpn",
    keys: ["0"],
    shows: [/they part/, /a round every/],
  },
];
const POLL_MS = 200;
/** A lab is built, and traced. */
const PATIENCE_MS = 120_000;

enter(async () => {
  const { runQuietly, SetUpError } = await import("./processes.mjs");
  const { terminalSvg } = await import("./terminal-svg.mjs");
  const { setUp } = await import("./setup.mjs");

  async function tmux(name, ...args) {
    const socket = `wsl-trace-screens-${process.pid}-${name}`;
    const { code, output } = await runQuietly("tmux", ["-L", socket, ...args]);
    if (code !== 0) throw new SetUpError(`tmux ${args.join(" ")}: ${output}`);
    return output;
  }

  async function until(name, shows) {
    const endMs = performance.now() + PATIENCE_MS;
    for (;;) {
      const screen = await tmux(name, "capture-pane", "-p");
      const missing = shows.find((one) => !one.test(screen));
      if (missing === undefined) return;
      if (performance.now() > endMs) throw new SetUpError(`no ${missing} in\n${screen}`);
      await pause(POLL_MS);
    }
  }

  async function take({ name, args, keys, shows }) {
    const size = ["-x", `${SIZE.columns}`, "-y", `${SIZE.rows}`];
    const run = `env -u CI COLORTERM= node dist/cli.js ${args}`;
    await tmux(name, "-f", "/dev/null", "new-session", "-d", ...size, run);
    try {
      await until(name, [/a round every/]);
      for (const key of keys) await tmux(name, "send-keys", key);
      await until(name, shows);
      const screen = await tmux(name, "capture-pane", "-e", "-p");
      const picture = terminalSvg(screen, SIZE, `wsl-trace ${args}`);
      writeFileSync(new URL(`${name}.svg`, FOLDER), picture);
      await tmux(name, "send-keys", "q");
    } finally {
      // The session ends with its program, and the server with it.
      await pause(POLL_MS);
      await tmux(name, "kill-server").catch(() => undefined);
    }
  }

  async function main(names) {
    await setUp();
    mkdirSync(FOLDER, { recursive: true });
    const wanted = SCREENS.filter(({ name }) => names.length === 0 || names.includes(name));
    for (const screen of wanted) await take(screen);
    return 0;
  }

  return { main };
});
