// The package as it would be published: built, installed beside koffi, and README's example run with plain Node.

import { createSocket } from "node:dgram";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readKernelBtf } from "../../probes/ebpf-ts-bindings/src/index.ts";
import { whyNoEbpf } from "./harness/ebpf.ts";

const inCheckout = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const PACKAGE = "probes/ebpf-ts-bindings";

let project = "";
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "ebpf-package-"));
  const modules = join(project, "node_modules");
  await mkdir(modules);
  const built = join(modules, "ebpf-ts-bindings");
  await execa(process.execPath, [inCheckout(`${PACKAGE}/scripts/build.mjs`), built]);
  for (const name of ["koffi", "@types"]) {
    await symlink(inCheckout(`node_modules/${name}`), join(modules, name));
  }
});
afterAll(() => rm(project, { recursive: true, force: true }));

async function readmeExample(): Promise<string> {
  const readme = await readFile(inCheckout(`${PACKAGE}/README.md`), "utf8");
  return /```js\n(.*?)```/s.exec(readme)?.[1] ?? "";
}

it("README's example has 20 lines and prints drops as they happen", async ({ skip }) => {
  const missing = whyNoEbpf();
  skip(missing !== null, missing ?? "");
  const arity = readKernelBtf().tracepoint("kfree_skb")?.parameters.length ?? 0;
  skip(arity < 3, "drops have no reason before Linux 5.17");
  const example = await readmeExample();
  expect(example.trim().split("\n")).toHaveLength(20);
  await writeFile(join(project, "example.mjs"), example);
  const child = execa(process.execPath, ["example.mjs"], { cwd: project });
  // To a port that nobody listens on, until the example has had its second.
  const socket = createSocket("udp4");
  const sending = setInterval(() => socket.send("nobody", 9, "127.0.0.1"), 20);
  try {
    const { stdout } = await child;
    expect(stdout.split("\n")).toContain("SKB_DROP_REASON_NO_SOCKET");
    expect(stdout).toMatch(/\n\d+ records lost$/);
  } finally {
    clearInterval(sending);
    socket.close();
  }
});

it("the built package has types that a compiler takes, and no source of the monorepo", async () => {
  const use = [
    'import { openBpf, probeFeatures, type Features } from "ebpf-ts-bindings";',
    "export const features: Features = probeFeatures(await openBpf());",
    "// @ts-expect-error: proof that the types were found",
    "export const wrong: string = features;",
  ];
  await writeFile(join(project, "use.mts"), use.join("\n"));
  const flags = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2023"];
  const types = ["--types", "node", "--skipLibCheck", "false"];
  const tsc = inCheckout("node_modules/typescript/bin/tsc");
  await execa(process.execPath, [tsc, ...flags, ...types, "use.mts"], { cwd: project });
  const built = join(project, "node_modules/ebpf-ts-bindings");
  const manifest = JSON.parse(await readFile(join(built, "package.json"), "utf8"));
  expect(manifest).toMatchObject({
    name: "ebpf-ts-bindings",
    dependencies: { koffi: expect.any(String) },
  });
  expect(manifest).not.toHaveProperty("private");
  expect(await readFile(join(built, "index.js"), "utf8")).not.toContain("../");
});
