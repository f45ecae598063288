// What is made from the command line's grammar: the man page and the completions, and where each is looked for.

import { loadGrammar } from "./grammar.mjs";
import { manPage } from "./man-page.mjs";

const COMPLETIONS = {
  bash: "usr/share/bash-completion/completions/wsl-trace",
  zsh: "usr/share/zsh/vendor-completions/_wsl-trace",
  fish: "usr/share/fish/vendor_completions.d/wsl-trace.fish",
};
// Compressed in the package, as Debian's policy wants it.
const MAN = "usr/share/man/man1/wsl-trace.1";

/** @returns for each: `text`, its path `inFolder` beside the program, and `inDebian`; of the same sources always the same */
export async function makePages(version, { run }) {
  const date = (await run("git", ["log", "-1", "--format=%cs"])).trim();
  const { program, examples } = await loadGrammar(version);
  const man = manPage(program, { version, date, examples });
  const pages = [{ text: man, inFolder: "man/wsl-trace.1", inDebian: MAN }];
  for (const [shell, inDebian] of Object.entries(COMPLETIONS)) {
    const text = await run(process.execPath, ["dist/cli.js", "completion", shell]);
    pages.push({ text, inFolder: `completions/${inDebian.split("/").at(-1)}`, inDebian });
  }
  return pages;
}
