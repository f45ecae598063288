// What an installation by npm brings: the bundle of package.json's `files`, and koffi's native part alone.

import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { bundleOptions, ENTRIES } from "../../scripts/bundle-options.mjs";
import { libraryTypes } from "../../scripts/library-types.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Promised are 8 MB. Was 6.7 on 2026-11-30: what a library more would bring has to be meant. */
const BUDGET_BYTES = 7_500_000;
const LEAST_SHARE = 0.8;

function bytesBelow(path: string, isWanted = (_: string) => true): number {
  const file = join(root, path);
  const stats = lstatSync(file);
  if (!stats.isDirectory()) return isWanted(path) ? stats.size : 0;
  return readdirSync(file).reduce((sum, name) => sum + bytesBelow(join(path, name), isWanted), 0);
}

async function bundleBytes(): Promise<number> {
  let sum = 0;
  for (const name of Object.keys(ENTRIES)) {
    const { metafile } = await build({ ...bundleOptions(name), outdir: "dist", write: false });
    for (const [path, { bytes }] of Object.entries(metafile?.outputs ?? {})) {
      if (!path.endsWith(".map")) sum += bytes;
    }
  }
  return sum;
}

it("an installation is small", async () => {
  const scripts = ["collect.ps1", "collect-elevated.ps1", "helper.ps1"].map(
    (name) => `probes/windows/${name}`,
  );
  const pages = bytesBelow("src/diagnosis/causes", (path) => path.endsWith(".md"));
  const native = bytesBelow(`node_modules/@koromix/koffi-linux-${process.arch}`);
  const parts = [
    await bundleBytes(),
    Buffer.byteLength(await libraryTypes()),
    pages,
    native,
    ...["README.md", "LICENSE", "package.json", ...scripts].map((file) => bytesBelow(file)),
  ];
  const bytes = parts.reduce((sum, part) => sum + part, 0);
  expect(bytes).toBeLessThan(BUDGET_BYTES);
  expect(bytes).toBeGreaterThan(BUDGET_BYTES * LEAST_SHARE);
});

it("maps stay out of it, and nothing but koffi's native part comes along or runs", () => {
  expect(manifest.files).toEqual(["dist", "!dist/**/*.map", "!dist/.stamp.json"]);
  expect(manifest.dependencies).toBeUndefined();
  const { koffi } = manifest.devDependencies;
  expect(manifest.optionalDependencies).toEqual({
    "@koromix/koffi-linux-arm64": koffi,
    "@koromix/koffi-linux-x64": koffi,
  });
  expect(manifest.scripts).not.toHaveProperty("install");
  expect(manifest.scripts).not.toHaveProperty("postinstall");
});
