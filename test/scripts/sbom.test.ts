// The bill of materials of what is packed: every package with its version, licence and the sum that the lock file has, and Node.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { packedPackages } from "../../scripts/package/licences.mjs";
import { sbom } from "../../scripts/package/sbom.mjs";

const BOM = z.object({
  bomFormat: z.literal("CycloneDX"),
  serialNumber: z.undefined().optional(),
  metadata: z.object({ timestamp: z.undefined().optional() }),
  components: z.array(
    z.object({
      "bom-ref": z.string(),
      name: z.string(),
      version: z.string(),
      purl: z.string().startsWith("pkg:"),
      licenses: z.array(z.unknown()).min(1),
      hashes: z.array(z.object({ alg: z.string(), content: z.string() })).optional(),
    }),
  ),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
});
const lock = z
  .object({ packages: z.record(z.string(), z.object({ integrity: z.string().optional() })) })
  .parse(JSON.parse(readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8")));

const node = mkdtempSync(join(tmpdir(), "wsl-trace-test-"));
afterAll(() => rmSync(node, { recursive: true }));
let text = "";
beforeAll(async () => {
  writeFileSync(join(node, "package.json"), JSON.stringify({ version: "22.1.0" }));
  text = await sbom({ npm: ["npm"], node });
});

test("it lists what is packed and nothing else, with the sums of the lock file", async () => {
  const { components } = BOM.parse(JSON.parse(text));
  expect(components.map(({ name }) => name)).toEqual([...(await packedPackages()), "node"]);
  for (const { name, hashes } of components.slice(0, -1)) {
    const integrity = lock.packages[`node_modules/${name}`]?.integrity ?? "";
    const sum = Buffer.from(integrity.replace("sha512-", ""), "base64").toString("hex");
    expect(hashes, name).toContainEqual({ alg: "SHA-512", content: sum });
  }
});

test("what depends on what names listed ones alone", () => {
  const { components, dependencies } = BOM.parse(JSON.parse(text));
  const refs = new Set(components.map((one) => one["bom-ref"]));
  expect(dependencies.length).toBe(refs.size + 1);
  expect(
    dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !refs.has(ref)),
  ).toEqual([]);
});
