// The completion scripts as the built tool prints them, in the shells that are here.

import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { noTmux, openTerminal } from "./harness/tmux.ts";
import { createFolder } from "./independent/tool.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const lacks = async (shell: string) =>
  (await execa(shell, ["--version"], { reject: false })).failed;
const [noBash, noZsh, noFish] = [await lacks("bash"), await lacks("zsh"), await lacks("fish")];

const HISTORY = `wsl-trace path https://files.example.test:8443
wsl-trace path https://web.example.test/a
wsl-trace mtu [2001:db8::7]:443
`;
/** What is typed before the Tab key, and what is there afterwards. */
const TYPED = [
  ["wsl-trace path https://fi", "wsl-trace path https://files.example.test:8443"],
  ["wsl-trace path https://files.example.test:8", "wsl-trace path https://files.example.test:8443"],
  ["wsl-trace path --engine=ra", "wsl-trace path --engine=raw-socket"],
  ["wsl-trace explain pmtu-in", "wsl-trace explain pmtu-inbound-blackhole"],
  ["wsl-trace lab run wsl2-vpn-si", "wsl-trace lab run wsl2-vpn-silent"],
  ["wsl-trace replay a-rec", "wsl-trace replay a-recording.jsonl"],
] as const;

/** Somebody's home: what was typed there before, and the tool in PATH. */
const home = createFolder();
home.file(".bash_history", HISTORY);
home.file("a-recording.jsonl", "");
home.file("wsl-trace", `#!/bin/sh\nexec ${process.execPath} ${CLI} "$@"\n`);
await execa("chmod", ["+x", `${home.path}/wsl-trace`]);
// No variable of whoever runs the tests, and so no package bash-completion either.
const ENVIRONMENT = {
  HOME: home.path,
  ZDOTDIR: home.path,
  PATH: `${home.path}:/usr/sbin:/usr/bin:/sbin:/bin`,
  TERM: "xterm",
};
const clean = Object.entries(ENVIRONMENT).map(([name, value]) => `${name}=${value}`);
afterAll(() => home.remove());

async function script(shell: string): Promise<string> {
  const { stdout } = await execa(process.execPath, [CLI, "completion", shell]);
  return stdout;
}

/** A line of a terminal for each of them, completed and thrown away. */
async function completesEach(shell: string, typed: readonly (readonly [string, string])[]) {
  const terminal = await openTerminal(100, 30);
  try {
    await terminal.type(`cd ${home.path} && clear && exec env -i ${clean.join(" ")} ${shell}`);
    await terminal.shows("ready");
    for (const [words, completed] of typed) {
      await terminal.press(words);
      await terminal.shows(words);
      await terminal.press("Tab");
      await terminal.shows(completed);
      await terminal.press("C-c");
      await terminal.press("C-l");
      await terminal.hides(completed);
    }
  } finally {
    await terminal.close();
  }
}

describe("bash without its package", () => {
  beforeEach(({ skip }) => skip(noTmux || noBash, "there is no bash, or no tmux to type in"));

  const rc = async () =>
    home.file("rc", `PS1='ready$ '\nsource ${home.file("b", await script("bash"))}\n`);

  it("completes words with colons and equals signs in them", async () => {
    const bracket = [["wsl-trace mtu [20", "wsl-trace mtu [2001:db8::7]:443"]] as const;
    const quoted = [
      ['wsl-trace path "https://we', 'wsl-trace path "https://web.example.test/a"'],
    ] as const;
    await completesEach(`bash --noprofile --rcfile ${await rc()}`, [
      ...TYPED,
      ...bracket,
      ...quoted,
    ]);
  });
});

describe("zsh", () => {
  beforeEach(({ skip }) => skip(noTmux || noZsh, "there is no zsh, or no tmux to type in"));

  it("completes words with colons in them, and quotes the brackets of an address", async () => {
    home.file(
      ".zshrc",
      `PS1='ready$ '\nautoload -Uz compinit; compinit -u\nsource ${home.file("z", await script("zsh"))}\n`,
    );
    const bracket = [
      [String.raw`wsl-trace mtu \[20`, String.raw`wsl-trace mtu \[2001:db8::7\]:443`],
    ] as const;
    await completesEach("zsh -d -i", [...TYPED, ...bracket]);
  });
});

it("fish offers each word whole", async ({ skip }) => {
  skip(noFish, "there is no fish");
  const asked = [...TYPED, ["wsl-trace mtu [20", "[2001:db8::7]:443"]] as const;
  const lines = asked.map(([words]) => `complete -C '${words}'`);
  const file = home.file(
    "asks.fish",
    `source ${home.file("f", await script("fish"))}\n${lines.join("\n")}\n`,
  );
  const { stdout } = await execa("fish", ["--no-config", file], {
    cwd: home.path,
    env: ENVIRONMENT,
    extendEnv: false,
  });
  expect(stdout.split("\n")).toEqual(asked.map(([, completed]) => completed.split(" ").at(-1)));
});

it("runs nothing of what is typed so far in bash, and may be read twice", async ({ skip }) => {
  skip(noBash, "there is no bash");
  const folder = createFolder();
  const file = folder.file("completion.bash", await script("bash"));
  // The tool itself is stood in for, and what the Tab key sets.
  const typed = `. "$1"; . "$1"
    folder=$3 word='$(touch "'"$2"'")'
    COMP_WORDS=(wsl-trace path "$word" '') COMP_CWORD=3 COMP_LINE="wsl-trace path $word "
    COMP_POINT=\${#COMP_LINE}
    wsl-trace() { printf '<%s>' "$@" >"$folder/asked"; }
    __wsl_trace_complete; ls -A "$folder"; cat "$folder/asked"`;
  const args = ["--norc", "-c", typed, "bash", file, `${folder.path}/typed`, folder.path];
  const { stdout, stderr } = await execa("bash", args, { reject: false });
  folder.remove();
  const words = `<complete><--><path><$(touch "${folder.path}/typed")><>`;
  expect(stdout).toBe(`asked\ncompletion.bash\n${words}`);
  expect(stderr).not.toContain("readonly");
});
