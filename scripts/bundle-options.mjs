// How the command line is bundled: one entry that loads the rest when it is needed, and what stands beside it.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import manifest from "../package.json" with { type: "json" };
import { completionScripts } from "./completion-scripts.mjs";

const root = new URL("../", import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));

/** Each bundled for itself: what two entries share becomes files of its own, and every file costs a start a millisecond. */
export const ENTRIES = {
  cli: "src/cli.ts",
  index: "src/index.ts",
  "privileged-helper": "probes/privileged/helper.ts",
  "lab/lab": "probes/lab/src/index.ts",
  "lab/lab-host": "probes/lab/src/programs/lab-host.ts",
  "lab/lab-windows": "src/wiring/lab-windows.ts",
};

/** esbuild's options for one of them, but for where it is written to. */
export function bundleOptions(name) {
  // What one loads late stands in its own folder.
  const chunkNames = name.replace(/[^/]*$/, "[name]-[hash]");
  return { ...OPTIONS, entryPoints: { [name]: at(ENTRIES[name]) }, chunkNames };
}

/** Commander starts programs for sub-commands of a kind that this tool has none of: help need not load what starts them. */
const noSubprograms = {
  name: "no-subprograms",
  setup(build) {
    build.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes("/node_modules/commander/") ? { path: at("scripts/empty.mjs") } : undefined,
    );
  },
};

/**
 * Ink starts its debugger wherever DEV=true is set, which many shells have for something else, and draws nothing until
 * its end wherever CI is: it draws here on a terminal alone, where somebody looks.
 */
const noSwitches = {
  name: "no-switches",
  setup(build) {
    const replace = (filter, contents) => build.onLoad({ filter }, () => ({ contents }));
    replace(/\/ink\/build\/utils\.js$/, "export const isDev = () => false;");
    // What reads .proto files when a program runs: the exporters bring their messages along.
    replace(/\/@grpc\/proto-loader\/build\/src\/index\.js$/, "export {};");
    replace(/\/is-in-ci\/index\.js$/, "export default false;");
  },
};

/** Ink keeps the size of every text that it ever drew: on a screen that counts rounds for hours each is a new one. */
const noInkCaches = {
  name: "no-ink-caches",
  setup(build) {
    build.onLoad({ filter: /\/ink\/build\/(measure|wrap)-text\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const contents = text.replace(/^ *cache(\.set\(.*\)|\[.*\] = .*);$/m, "");
      if (contents === text) throw new Error(`${path} fills no cache that is known here`);
      return { contents };
    });
  },
};

/** string-width builds the set of all emoji, which takes as long as a start, for text that has none: here where one may be meant. */
const emojiWhenMet = {
  name: "emoji-when-met",
  setup(build) {
    build.onLoad({ filter: /\/string-width\/index\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const [eager, name] = /const (\w+) = \/\^\\p\{RGI_Emoji\}\$\/v;/.exec(text) ?? [];
      return { contents: name === undefined ? text : text.replace(eager, () => whenMet(name)) };
    });
  },
};

/** Each emoji is shown as one by default, or followed by U+FE0F (UTS 51, ED-8a and ED-27). */
const whenMet = (name) => `const mayBeEmoji = /[\\p{Emoji_Presentation}\\uFE0F]/u;
let allEmoji;
const ${name} = {
  test(text) {
    if (!mayBeEmoji.test(text)) return false;
    allEmoji ??= new RegExp("^\\\\p{RGI_Emoji}$", "v");
    return allEmoji.test(text);
  },
};`;

/** The lab is a bundle of its own, which the command line loads when it is asked for one. */
const labBeside = {
  name: "lab-beside",
  setup(build) {
    build.onResolve({ filter: /^wsl-trace-lab$/ }, () => ({
      path: "./lab/lab.js",
      external: true,
    }));
  },
};

const OPTIONS = {
  // Chinese in three bytes a letter, not in the six of an escape.
  charset: "utf8",
  absWorkingDir: at("."),
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  jsx: "automatic",
  // Half the bytes to read and parse at every start. Maps beside it give --debug its names and lines back.
  minify: true,
  sourcemap: "linked",
  sourcesContent: false,
  // Native code stays outside.
  external: ["raw-socket"],
  alias: {
    koffi: at("scripts/koffi.mjs"),
    // Ink's debugger, which is never started, and the WebSocket library that it alone needs.
    "react-devtools-core": at("scripts/empty.mjs"),
    ws: at("scripts/empty.mjs"),
  },
  // OpenTelemetry's modules as ESM: of those for require, all of a package would be bundled.
  mainFields: ["module", "main"],
  define: {
    "process.env.NODE_ENV": '"production"',
    __VERSION__: JSON.stringify(manifest.version),
  },
  // Ink's dependencies call require from ESM.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  plugins: [noSubprograms, noSwitches, noInkCaches, completionScripts, emojiWhenMet, labBeside],
  logLevel: "warning",
  metafile: true,
};
