// The package as it would be published: built, packed into a project of its own, and its README's example run there.

import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { whyNo } from "./harness/bpf-rights.ts";

const whyNot = await whyNo("tp_btf");
const root = fileURLToPath(new URL("../../", import.meta.url));
const workspace = join(root, "probes/ebpf-ts-bindings");
const README = readFileSync(join(workspace, "README.md"), "utf8");

describe("the published package", () => {
  let project: string;
  beforeAll(async () => {
    project = mkdtempSync(join(tmpdir(), "ebpf-ts-bindings-"));
    const modules = join(project, "node_modules");
    mkdirSync(modules);
    const built = join(modules, "ebpf-ts-bindings");
    await execa(process.execPath, ["build.mjs", built], { cwd: workspace });
    symlinkSync(join(root, "node_modules/koffi"), join(modules, "koffi"));
  });
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it("has a manifest without what is of the repository only", () => {
    const path = join(project, "node_modules/ebpf-ts-bindings/package.json");
    const manifest: Record<string, unknown> = JSON.parse(readFileSync(path, "utf8"));
    expect(Object.keys(manifest)).toEqual([
      "name",
      "version",
      "description",
      "license",
      "type",
      "engines",
      "dependencies",
      "exports",
    ]);
  });

  it("packs with its README, types and example", async () => {
    const folder = join(project, "node_modules/ebpf-ts-bindings");
    const { stdout } = await execa("npm", ["pack", "--json", "--dry-run"], { cwd: folder });
    const [{ files }]: [{ files: { path: string }[] }] = JSON.parse(stdout);
    const names = files.map(({ path }) => path);
    const wanted = ["LICENSE", "README.md", "example.mjs", "index.d.ts", "index.js"];
    expect(names).toEqual(expect.arrayContaining(wanted));
    expect(names.filter((name) => !wanted.includes(name) && !name.endsWith(".d.ts"))).toEqual([
      "package.json",
    ]);
  });

  it("has declarations that a user's compiler takes", async () => {
    const file = join(project, "user.mts");
    writeFileSync(
      file,
      'import { type Feature, probeFeatures } from "ebpf-ts-bindings";\nexport const all: Promise<readonly Feature[]> = probeFeatures();\n',
    );
    const options = [
      "--ignoreConfig",
      "--noEmit",
      "--strict",
      "--module",
      "nodenext",
      "--skipLibCheck",
      "false",
    ];
    const types = ["--types", "node", "--typeRoots", join(root, "node_modules/@types")];
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const run = await execa(process.execPath, [tsc, ...options, ...types, file], { reject: false });
    expect(run.stdout).toBe("");
  });

  it.skipIf(whyNot !== null)(
    `runs the README's example, of 20 lines${whyNot ? ` (${whyNot})` : ""}`,
    async () => {
      const example = /<!-- example -->\n```js\n(.*?)```/s.exec(README)?.[1] ?? "";
      expect(example.trimEnd().split("\n").length).toBeLessThanOrEqual(20);
      const file = join(project, "example.mjs");
      writeFileSync(file, example);
      const program = join(project, "wt-readme");
      cpSync("/bin/true", program);
      const run = execa(process.execPath, [file]);
      const lines: string[] = [];
      for await (const line of run) {
        lines.push(line);
        if (line === "watching") await execa(program);
      }
      expect(lines).toContain("wt-readme");
    },
  );
});
