// Runs a script: the Node version first, before anything is parsed that an old Node cannot read; then its main().

import { readFileSync } from "node:fs";
import { nodeProblem } from "./node-version.mjs";

const CANNOT_RUN = 3;
const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

/**
 * @param load imports the module with `main(args)`, which gives the exit code
 * @param lastLine printed when main() could not do its work, for whoever reads only that
 */
export function enter(load, lastLine = "") {
  const problem = nodeProblem(process.versions.node, manifest.engines.node);
  const result = problem === null ? load() : Promise.reject(setUpError(problem));
  return result
    .then(({ main }) => main(process.argv.slice(2)))
    .catch((error) => {
      // Who threw it on purpose gives the exit code; anything else is a mistake of ours.
      const expected = error.exitCode !== undefined;
      process.stderr.write(`${expected ? error.message : error.stack}\n`);
      process.stdout.write(lastLine);
      return expected ? error.exitCode : 1;
    })
    .then((code) => {
      process.exitCode = code;
    });
}

function setUpError(message) {
  return Object.assign(new Error(message), { exitCode: CANNOT_RUN });
}
