// The fix that `f` tries, on a real terminal in a lab: it asks with the very command, does it, measures again and keeps it.

import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { noTmux, openTerminal, type Terminal } from "./harness/tmux.ts";
import { createFolder } from "./independent/tool.ts";

beforeEach(({ skip }) => skip(noTmux, "there is no tmux, which npm test installs as root"));

const CLI = new URL("../../dist/cli.js", import.meta.url).pathname;
const folder = createFolder();
let terminal: Terminal | undefined;

afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
});
afterAll(() => folder.remove());

it("f asks with what would run; another key changes nothing, y makes the path whole", async () => {
  terminal = await openTerminal(120, 40);
  const { type, press, shows, hides, everything } = terminal;
  await type(`export HOME=${folder.path} XDG_STATE_HOME=${folder.path}`);
  await type(`node ${CLI} path github.com -4 --lab wsl2-vpn --no-wait; echo exit $?`);
  await shows("vpn-mtu-inbound-blackhole");
  await shows("a round every");
  await press("f");
  await shows("Try the fix of vpn-mtu-inbound-blackhole?");
  await shows("# ip link set dev eth0 mtu 1400");
  await press("n");
  await hides("y try it");
  await press("f");
  await shows("y try it");
  await press("y");
  await shows("after: healthy");
  await shows("exit 0");
  const text = (await everything()).join("\n");
  expect(text).toContain("verdict: fault");
  expect(text).toContain("before: fault (vpn-mtu-inbound-blackhole)");
  expect(text).toContain("kept; wsl-trace fix --undo takes it back");
}, 240_000);
