// Makes a folder to publish: one bundle, its declarations, and a manifest that points at them.
// Usage: node scripts/build.mjs [folder], "dist" without an argument.

import { execFileSync } from "node:child_process";
import { copyFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import manifest from "../package.json" with { type: "json" };

const at = (path) => new URL(path, new URL("../", import.meta.url)).pathname;
const out = resolve(process.argv[2] ?? at("dist"));

await rm(out, { recursive: true, force: true });
await build({
  entryPoints: { index: at("src/index.ts") },
  outdir: out,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  external: ["koffi"],
  logLevel: "warning",
});
const typescript = dirname(createRequire(import.meta.url).resolve("typescript/package.json"));
execFileSync(
  process.execPath,
  [join(typescript, "bin/tsc"), "-p", at("tsconfig.build.json"), "--outDir", out],
  { stdio: "inherit" },
);
// The sources' manifest points at TypeScript and must not be published as it is.
const { private: _, scripts: __, devDependencies: ___, ...published } = manifest;
const entry = { types: "./index.d.ts", default: "./index.js" };
await writeFile(
  join(out, "package.json"),
  `${JSON.stringify({ ...published, exports: { ".": entry } }, null, 2)}\n`,
);
await copyFile(at("README.md"), join(out, "README.md"));
await copyFile(at("../../LICENSE"), join(out, "LICENSE"));
