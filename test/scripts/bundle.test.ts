// When dist/ is built again.

import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isBundleFresh, provideBundle } from "../../scripts/bundle.mjs";
import { folderWith } from "./folder.ts";

const SOURCES = { "src/cli.ts": "one", "src/model/path.ts": "two", "package.json": "{}" };

function fakeBuild(root: string, code = 0) {
  const said: string[] = [];
  const tools = {
    notify: (text: string) => said.push(text),
    fail: (text: string) => new Error(text),
    runQuietly: async () => ({ code, output: "esbuild: no such file" }),
  };
  return { run: () => provideBundle(root, tools), said };
}

async function built(): Promise<string> {
  const root = folderWith({ ...SOURCES, "dist/cli.js": "bundle" });
  await fakeBuild(root).run();
  return root;
}

it("a bundle without a stamp is built, and fresh from then on", async () => {
  const root = folderWith({ ...SOURCES, "dist/cli.js": "bundle" });
  expect(isBundleFresh(root)).toBe(false);
  await fakeBuild(root).run();
  expect(isBundleFresh(root)).toBe(true);
  const again = fakeBuild(root);
  await again.run();
  expect(again.said).toEqual([]);
});

it.each(["src/model/path.ts", "src/new.ts", "package.json"])(
  "a change of %s makes it stale",
  async (file) => {
    const root = await built();
    writeFileSync(join(root, file), "changed");
    expect(isBundleFresh(root)).toBe(false);
  },
);

it("a source that is gone makes it stale, and so does a bundle that is gone", async () => {
  const root = await built();
  rmSync(join(root, "src/model/path.ts"));
  expect(isBundleFresh(root)).toBe(false);
  const other = await built();
  rmSync(join(other, "dist/cli.js"));
  expect(isBundleFresh(other)).toBe(false);
});

it("a build that fails is told, and leaves no stamp", async () => {
  const root = folderWith({ ...SOURCES, "dist/cli.js": "bundle" });
  await expect(fakeBuild(root, 1).run()).rejects.toThrow(
    "the build failed:\nesbuild: no such file",
  );
  expect(isBundleFresh(root)).toBe(false);
});
