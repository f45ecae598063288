// Bundles the command line into dist/: one entry, its lazy chunks, and the pages it reads.

import { cp, rename, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundleOptions, ENTRIES } from "./bundle-options.mjs";
import { libraryTypes } from "./library-types.mjs";

const root = new URL("../", import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));
const dist = at("dist");
// Built beside and moved into place: whoever runs the old bundle meanwhile finds it whole.
const fresh = at(`dist.${process.pid}`);

for (const name of Object.keys(ENTRIES)) await build({ ...bundleOptions(name), outdir: fresh });
await cp(at("src/diagnosis/causes"), at(`dist.${process.pid}/causes`), {
  recursive: true,
  filter: (source) => !source.endsWith(".ts"),
});
// probes/windows/script-file.ts looks for them beside itself.
for (const script of ["collect.ps1", "collect-elevated.ps1", "helper.ps1"]) {
  await cp(at(`probes/windows/${script}`), at(`dist.${process.pid}/${script}`));
}
await writeFile(at(`dist.${process.pid}/index.d.ts`), await libraryTypes());
await rm(dist, { recursive: true, force: true });
await rename(fresh, dist);
