// Bundles the command line into dist/: one entry, its lazy chunks, and the pages it reads.

import { existsSync } from "node:fs";
import { cp, mkdir, rm } from "node:fs/promises";
import { build } from "esbuild";
import manifest from "../package.json" with { type: "json" };

const root = new URL("../", import.meta.url);
const at = (path) => new URL(path, root).pathname;
const dist = at("dist/");

const labHost = at("probes/lab/lab-host.ts");
const entryPoints = {
  cli: at("src/cli.ts"),
  ...(existsSync(labHost) ? { "lab-host": labHost } : {}),
};

await rm(dist, { recursive: true, force: true });
await mkdir(dist);
await build({
  entryPoints,
  outdir: dist,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  jsx: "automatic",
  // Native code stays outside; react-devtools-core is Ink's optional debugger.
  external: ["koffi", "raw-socket"],
  alias: { "react-devtools-core": at("scripts/empty.mjs") },
  define: {
    "process.env.NODE_ENV": '"production"',
    __VERSION__: JSON.stringify(manifest.version),
  },
  // Ink's dependencies call require from ESM.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  logLevel: "warning",
});
const pages = at("src/diagnosis/rules");
if (existsSync(pages)) {
  await cp(pages, at("dist/rules"), {
    recursive: true,
    filter: (source) => !source.endsWith(".ts"),
  });
}
