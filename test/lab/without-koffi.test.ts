// The built tool where koffi is not to be found: it starts, names that, and blames nobody.

import { cpSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, expect, it } from "vitest";
import { createFolder } from "./independent/tool.ts";

// No folder above it has packages.
const folder = createFolder();
cpSync(fileURLToPath(new URL("../../dist", import.meta.url)), `${folder.path}/dist`, {
  recursive: true,
});
folder.file("package.json", '{ "type": "module" }');
afterAll(() => folder.remove());

function run(...args: readonly string[]) {
  const cli = `${folder.path}/dist/cli.js`;
  return execa(process.execPath, [cli, ...args, "--host-snapshot", "none"], {
    cwd: folder.path,
    reject: false,
  });
}

it("doctor says what did not load, and what to type", async () => {
  const { exitCode, stdout } = await run("doctor");
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/\? koffi did not load: Cannot find module/);
  expect(stdout).toContain("$ npm install --global --include=optional @koromix/koffi-");
});

it("path ends without a verdict on a server that it could not connect to", async () => {
  const server = createServer((_, response) => response.end("ok"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const { exitCode, stdout } = await run("path", `http://127.0.0.1:${port}`, "--once", "--json");
  server.close();
  expect(exitCode).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ verdict: "inconclusive" });
  expect(stdout).toContain("koffi, which did not load");
});
