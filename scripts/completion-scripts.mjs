// What is changed in the scripts that the completions' library prints, which it has in template literals.

import { readFile } from "node:fs/promises";

/** For esbuild: makes the changes in the library as it is loaded. */
export const completionScripts = {
  name: "completion-scripts",
  setup(build) {
    build.onLoad({ filter: /\/@bomb\.sh\/tab\/dist\/powershell-.*\.mjs$/ }, async ({ path }) => {
      const own = await readFile(new URL("completion.bash", import.meta.url), "utf8");
      const mends = [...MENDS, ["complete -F __", `${literal(own)}\ncomplete -o default -F __`]];
      const mend = (all, [from, to]) => {
        if (!all.includes(from)) throw new Error(`${path} has no ${from}`);
        return all.replaceAll(from, () => to);
      };
      return { contents: mends.reduce(mend, await readFile(path, "utf8")) };
    });
  },
};

/** A text as a template literal has it. */
const literal = (text) => text.replace(/[\\`]|\$(?=\{)/g, "\\$&");

const WORDS = ["\\$", "{words[@]:1}"].join("");
const OFFERED_ONE = ["\\$", "{comp"].join("");
const BEHIND_COMMAND = "{(@)words[2,-1]}";
const OFFERED = ["\\$", "{completions[*]}"].join("");

/**
 * Zsh: a lost backslash ended a target at its colon ("github.com:443"), and brackets were put in unquoted, which zsh takes for a
 * pattern. Bash: what is typed so far was run ("$(...)"), the script could be read only once, and wanted a package.
 */
const MENDS = [
  ["{comp//:/\\\\:}", "{comp//:/\\\\\\\\:}"],
  [BEHIND_COMMAND, BEHIND_COMMAND.replace("@", "@Q")],
  ['"completions" completions -Q ', '"completions" completions '],
  // What has no description needs no dash before it.
  [`comp=${OFFERED_ONE}//$tab/:}`, `comp=${OFFERED_ONE}%$tab}; comp=${OFFERED_ONE}//$tab/:}`],
  // The words as they are; the last is empty where a new one begins.
  [` complete -- ${WORDS}"`, ' complete --"'],
  [`requestComp="$requestComp ''"`, ":"],
  ['out=$(eval "$requestComp" 2>/dev/null)', `out=$($requestComp "${WORDS}" 2>/dev/null)`],
  ["readonly ShellComp", "ShellComp"],
  ["local cur prev words cword\n", "local cur words breaks\n"],
  ['_get_comp_words_by_ref -n "=:" cur prev words cword', "__wsl_trace_words"],
  [`COMPREPLY=( $(compgen -W "${OFFERED}" -- "$cur") )`, "__wsl_trace_reply"],
];
