// The command line's own grammar, for the man page.

import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { bundleOptions } from "../bundle-options.mjs";
import { inCheckout } from "../root.mjs";

const SOURCE = `
import { createProgram } from "./src/commands/program.ts";
import { addCompletion } from "./src/commands/program-completion.ts";
export { EXAMPLES } from "./src/commands/examples.ts";
export function createGrammar(version) {
  const none = () => undefined;
  const make = () => createProgram({}, { version, stdout: none, stderr: none, exit: none });
  const program = make();
  addCompletion(program, {}, make);
  return program;
}
`;

/** @returns `program`: commander's, with every command, which does nothing; `examples`: task and command of each */
export async function loadGrammar(version) {
  const { entryPoints: _, sourcemap: __, chunkNames: ___, ...options } = bundleOptions("cli");
  const outfile = inCheckout("node_modules/.wsl-trace-packages/grammar.mjs");
  await build({
    ...options,
    splitting: false,
    stdin: { contents: SOURCE, resolveDir: inCheckout(""), loader: "ts" },
    outfile,
  });
  const { createGrammar, EXAMPLES } = await import(pathToFileURL(outfile).href);
  return { program: createGrammar(version), examples: EXAMPLES };
}
