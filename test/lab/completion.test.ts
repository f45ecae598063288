// The completion scripts as the built tool prints them.

import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, it } from "vitest";
import { createFolder } from "./independent/tool.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

it("keeps the port of a target in zsh, to which a colon begins a description", async () => {
  const { stdout } = await execa(process.execPath, [CLI, "completion", "zsh"]);
  // Two backslashes, of which the substitution takes one.
  expect(stdout).toContain(String.raw`comp=${"$"}{comp//:/\\:}`);
});

it("runs nothing of what is typed so far in bash, and may be read twice", async () => {
  const { stdout: script } = await execa(process.execPath, [CLI, "completion", "bash"]);
  const folder = createFolder();
  const file = folder.file("completion.bash", script);
  // The package bash-completion, which splits the line, and the tool itself are stood in for.
  const typed = `. "$1"; . "$1"
    folder=$3 word='$(touch "'"$2"'")'
    _get_comp_words_by_ref() { words=(wsl-trace path "$word" ''); cur=; }
    wsl-trace() { printf '<%s>' "$@" >"$folder/asked"; }
    __wsl_trace_complete; ls -A "$folder"; cat "$folder/asked"`;
  const args = ["--norc", "-c", typed, "bash", file, `${folder.path}/typed`, folder.path];
  const { stdout, stderr } = await execa("bash", args, { reject: false });
  folder.remove();
  const words = `<complete><--><path><$(touch "${folder.path}/typed")><>`;
  expect(stdout).toBe(`asked\ncompletion.bash\n${words}`);
  expect(stderr).not.toContain("readonly");
});
