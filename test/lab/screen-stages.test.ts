// The screen left in the middle of each stage, in a real terminal: its size changes, the rounds cannot be paused yet, and q or Ctrl-C ends it.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { noTmux, openTerminal, type Terminal } from "./harness/tmux.ts";
import { createChain, SITE } from "./independent/chain.ts";
import { ownFilter } from "./independent/chain-tests.ts";
import type { Net } from "./independent/net.ts";
import { createFolder } from "./independent/tool.ts";

beforeEach(({ skip }) => skip(noTmux, "there is no tmux, which npm test installs as root"));

const CLI = new URL("../../dist/cli.js", import.meta.url).pathname;
const LINES = 200;
const NUMBERS = Array.from({ length: LINES }, (_, index) => `${index + 1}`);
const [HTTP, HTTPS, FILTERED, DNS] = [8080, 443, 444, 53];
/** Accepts connections, and says nothing. */
const SILENT_SERVER = `
const { createServer } = require("node:net");
const mute = (socket) => socket.resume().on("error", () => {});
for (const port of [${HTTP}, ${HTTPS}]) createServer(mute).listen(port, "::");
setTimeout(() => console.log("ready"), 100);`;
/** Each is held until the run itself gives up, which is long enough to press a key. */
const HELD = [
  { stage: "resolve", target: "site.example" },
  { stage: "connect", target: `${SITE[4]} --port ${FILTERED}` },
  { stage: "tls", target: SITE[4] },
  { stage: "http", target: `http://${SITE[4]}:${HTTP}/` },
] as const;

const folder = createFolder();
let net: Net;
let terminal: Terminal | undefined;

beforeAll(async () => {
  const chain = await createChain([1500, 1500]);
  net = chain.net;
  await net.serve("site", process.execPath, "-e", SILENT_SERVER);
  await net.nft(
    "site",
    ownFilter("input", `meta l4proto { tcp, udp } th dport { ${FILTERED}, ${DNS} } drop`),
  );
});
afterAll(async () => {
  await net.remove();
  folder.remove();
});
afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
});

/** A shell on the guest, whose name server never answers. */
async function open(): Promise<Terminal> {
  const conf = folder.file("resolv.conf", `nameserver ${SITE[4]}\noptions timeout:5 attempts:2\n`);
  terminal = await openTerminal(200, 50);
  const mounted = `mount --bind ${conf} /etc/resolv.conf; cd ${folder.path}; exec env HOME=${folder.path} XDG_STATE_HOME=${folder.path} PS1='guest ' sh`;
  await terminal.type(`ip netns exec ${net.name("guest")} unshare --mount sh -c "${mounted}"`);
  // At the left edge, not in what was typed.
  await terminal.shows(/^guest$/m);
  return terminal;
}

/** The frame begins at the top, its keys are above the last row, and that is empty. */
async function expectWhole({ screen }: Terminal, rows: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const lines = await screen();
      expect(lines[0]).toContain("wsl-trace");
      expect(lines[rows - 2]).toContain("q quit");
      expect(lines[rows - 1]).toBe("");
    },
    { timeout: 60_000 },
  );
}

describe.each(HELD)(
  "while $stage is waited for",
  ({ stage, target }) => {
    it.each([
      ["q", "q", /exit [0-3]\n/],
      ["Ctrl-C", "C-c", /exit 130\n/],
    ])("%s leaves the report so far in a whole scroll-back", async (_, key, exit) => {
      const opened = await open();
      const { type, press, resize, shows, everything } = opened;
      const trace = `node ${CLI} path ${target} --host-snapshot none --timeout 60`;
      await type(
        `seq ${LINES}; stty -a > before; ${trace}; echo exit $?; stty -a | cmp - before && echo same`,
      );
      await shows(`${stage} waiting`);
      await resize(60, 20);
      await expectWhole(opened, 20);
      await resize(200, 50);
      await expectWhole(opened, 50);
      await press("p");
      await shows("rounds begin after the verdict");
      await shows(`${stage} waiting`);
      await press(key);
      await shows(exit, "q quit");
      await shows("same");
      const lines = await everything();
      expect(lines.filter((line) => /^\d+$/.test(line))).toEqual(NUMBERS);
      expect(lines.filter((line) => line.startsWith("verdict: "))).toHaveLength(1);
      expect(lines.join("\n")).not.toContain("q quit");
    });
  },
  180_000,
);
