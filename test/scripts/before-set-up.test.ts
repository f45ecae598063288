// What a clean clone runs before anything is installed imports nothing that has to be installed.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const SCRIPTS = fileURLToPath(new URL("../../scripts", import.meta.url));
const ENTRIES = readdirSync(SCRIPTS)
  .filter((name) => name.endsWith(".mjs"))
  .map((name) => join(SCRIPTS, name))
  .filter((file) => readFileSync(file, "utf8").includes('from "./entry.mjs"'));

it.each(ENTRIES)("%s", (file) => {
  expect(packagesOf(file)).toEqual([]);
});

it("looks into what an entry loads", () => {
  expect(ENTRIES.length).toBeGreaterThan(0);
  expect(packagesOf(join(SCRIPTS, "package/pages.mjs"))).toContain("esbuild");
});

/** The packages that it imports before its first line runs, itself or by what it imports; of an entry also by what it enters. */
function packagesOf(file: string, seen = new Set<string>()): readonly string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = readFileSync(file, "utf8");
  const entered = text.includes('from "./entry.mjs"') ? /import\("([^"]+)"\)/g : /$^/g;
  const names = [
    /^(?:import|export) [^;]*?from "([^"]+)"/gm,
    /^import "([^"]+)"/gm,
    entered,
  ].flatMap((pattern) => [...text.matchAll(pattern)].flatMap(([, name]) => name ?? []));
  return names.flatMap((name) => {
    if (name.startsWith("node:")) return [];
    if (!name.startsWith(".")) return [name];
    const next = join(dirname(file), name);
    return next.endsWith(".mjs") ? packagesOf(next, seen) : [];
  });
}
