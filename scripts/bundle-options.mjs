// How the command line is bundled: one entry that loads the rest when it is needed, and what the lab starts beside it.

import manifest from "../package.json" with { type: "json" };

const root = new URL("../", import.meta.url);
const at = (path) => new URL(path, root).pathname;

/** Options of esbuild, but for where it is written to. */
export const bundleOptions = {
  absWorkingDir: at("."),
  entryPoints: {
    cli: at("src/cli.ts"),
    index: at("src/index.ts"),
    "lab-host": at("probes/lab/lab-host.ts"),
    "lab-windows": at("probes/lab/lab-windows.ts"),
  },
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
  logLevel: "warning",
  metafile: true,
};
