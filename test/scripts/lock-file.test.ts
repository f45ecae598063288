// What the lock file lets in: packages of the registry alone, each with the sum of its bytes, under licences that may be passed on.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";

const LOCKED = z.object({
  link: z.boolean().optional(),
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  license: z.string().optional(),
  hasInstallScript: z.boolean().optional(),
});
const file = readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8");
const { packages } = z.object({ packages: z.record(z.string(), LOCKED) }).parse(JSON.parse(file));
const foreign = Object.entries(packages).filter(
  ([name, { link }]) => name.startsWith("node_modules/") && link !== true,
);

test("every package has a version of the registry and a SHA-512 of its bytes", () => {
  expect(foreign.length).toBeGreaterThan(100);
  for (const [name, { version, integrity, resolved }] of foreign) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
    expect(integrity, name).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/);
    // Without an address it comes from the registry that npm is set to: a Git repository or a foreign host would stand here.
    expect(resolved, name).toBeUndefined();
  }
});

/** koffi and raw-socket bring their binaries, which their scripts look for first; esbuild only builds, and protobufjs, of tests alone, only prints a note. */
test("an install script belongs to no other package, and what ships needs none", () => {
  const scripted = foreign.filter(([, { hasInstallScript }]) => hasInstallScript === true);
  expect(scripted.map(([name]) => name.replace("node_modules/", ""))).toEqual([
    "esbuild",
    "koffi",
    "protobufjs",
    "raw-socket",
  ]);
  // It is packed as its registry has it: no script of it runs (scripts/package/registry.mjs).
  const packed = readFileSync(new URL("../../scripts/package/registry.mjs", import.meta.url));
  expect(packed.includes("integrity")).toBe(true);
});

/** Licences that ask for no more than their text to be passed on; MPL-2.0 and Python-2.0 belong to packages that only build. */
const LICENCES = [
  "(MIT OR CC0-1.0)",
  "0BSD",
  "Apache-2.0",
  "BSD-3-Clause",
  "ISC",
  "MIT",
  "MIT OR Apache-2.0",
  "MPL-2.0",
  "Python-2.0",
];

test("every licence is one of those that were read", () => {
  const found = new Set(foreign.map(([, { license = "none" }]) => license));
  expect([...found].sort()).toEqual(LICENCES);
});
