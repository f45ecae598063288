// Bundles the command line into dist/: one entry, its lazy chunks, and the pages it reads.

import { cp, rename, rm } from "node:fs/promises";
import { build } from "esbuild";
import manifest from "../package.json" with { type: "json" };

const root = new URL("../", import.meta.url);
const at = (path) => new URL(path, root).pathname;
const dist = at("dist");
// Built beside and moved into place: whoever runs the old bundle meanwhile finds it whole.
const fresh = at(`dist.${process.pid}`);

await build({
  entryPoints: {
    cli: at("src/cli.ts"),
    index: at("src/index.ts"),
    "lab-host": at("probes/lab/lab-host.ts"),
    "lab-windows": at("probes/lab/lab-windows.ts"),
  },
  outdir: fresh,
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
await cp(at("src/diagnosis/rules"), at(`dist.${process.pid}/rules`), {
  recursive: true,
  filter: (source) => !source.endsWith(".ts"),
});
// probes/windows/script-file.ts looks for them beside itself.
for (const script of ["collect.ps1", "helper.ps1"]) {
  await cp(at(`probes/windows/${script}`), at(`dist.${process.pid}/${script}`));
}
await rm(dist, { recursive: true, force: true });
await rename(fresh, dist);
