// How the command line is bundled: one entry that loads the rest when it is needed, and what stands beside it.

import manifest from "../package.json" with { type: "json" };

const root = new URL("../", import.meta.url);
const at = (path) => new URL(path, root).pathname;

/** Each bundled for itself: what two entries share becomes files of its own, and every file costs a start a millisecond. */
export const ENTRIES = {
  cli: "src/cli.ts",
  index: "src/index.ts",
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
  external: ["koffi", "raw-socket"],
  // Ink's debugger, which nothing here switches on, and the WebSocket library that it alone needs.
  alias: { "react-devtools-core": at("scripts/empty.mjs"), ws: at("scripts/empty.mjs") },
  define: {
    "process.env.NODE_ENV": '"production"',
    __VERSION__: JSON.stringify(manifest.version),
  },
  // Ink's dependencies call require from ESM.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  plugins: [noSubprograms, labBeside],
  logLevel: "warning",
  metafile: true,
};
