// Bundles the lab's own program from its sources, so that lab tests need no build.

import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export interface LabHostBundle {
  readonly command: { readonly file: string; readonly args: readonly string[] };
  remove(): Promise<void>;
}

/** Plain JavaScript: started with tsx, each of a lab's programs would take a quarter of a second more. */
export async function bundleLabHost(): Promise<LabHostBundle> {
  const directory = await mkdtemp(join(tmpdir(), "wsl-trace-test-"));
  // Labs of users without privilege read it too.
  await chmod(directory, 0o755);
  const outfile = join(directory, "lab-host.mjs");
  await build({
    entryPoints: [
      fileURLToPath(new URL("../../../probes/lab/src/programs/lab-host.ts", import.meta.url)),
    ],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  });
  return {
    command: { file: process.execPath, args: [outfile] },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
