// Makes what can be published: one JavaScript file, declarations, manifest, example. Argument: the folder, by default dist.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import manifest from "./package.json" with { type: "json" };

const root = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(root, "dist"));
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

await build({
  entryPoints: [join(root, "src/index.ts")],
  outfile: join(out, "index.js"),
  bundle: true,
  packages: "external",
  format: "esm",
  platform: "node",
  target: "node20.19",
  logLevel: "warning",
});
const compiler = join(
  dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
  "bin/tsc",
);
const options = ["-p", join(root, "tsconfig.build.json"), "--outDir", out];
execFileSync(process.execPath, [compiler, ...options], { stdio: "inherit" });

const { private: _, scripts: __, devDependencies: ___, exports: ____, ...rest } = manifest;
const exports = { ".": { types: "./index.d.ts", default: "./index.js" } };
writeFileSync(join(out, "package.json"), `${JSON.stringify({ ...rest, exports }, null, 2)}\n`);
for (const file of ["README.md", "LICENSE"]) cpSync(join(root, file), join(out, file));
const readme = readFileSync(join(root, "README.md"), "utf8");
const [, example] = /<!-- example -->\n```js\n(.*?)```/s.exec(readme);
writeFileSync(join(out, "example.mjs"), example);
