// Packages of the registry, fetched once and unpacked only when their digest is the pinned one.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * A package's folder, fetched by npm where it is not in `cache` yet.
 * @param pin `name`, `version`, `integrity` (as npm writes it: sha512, base64)
 * @param tools `cache` (a folder), `npm` (command and first arguments), `run(file, args)`, `fail`
 * @throws when it cannot be had, or is not what was pinned
 */
export async function fetchPackage(pin, { cache, npm, run, fail }) {
  const archive = join(cache, `${pin.name.replace("@", "").replace("/", "-")}-${pin.version}.tgz`);
  if (!existsSync(archive)) {
    await mkdir(cache, { recursive: true });
    const [file, ...first] = npm;
    await run(file, [...first, "pack", `${pin.name}@${pin.version}`, "--pack-destination", cache]);
  }
  const digest = createHash("sha512")
    .update(await readFile(archive))
    .digest("base64");
  if (`sha512-${digest}` !== pin.integrity) {
    await rm(archive);
    throw fail(
      `${pin.name}@${pin.version} is not the archive that was pinned: its digest is sha512-${digest}`,
    );
  }
  const folder = archive.replace(/\.tgz$/, "");
  if (!existsSync(folder)) {
    const fresh = `${folder}.${process.pid}`;
    await mkdir(fresh);
    await run("tar", ["-xzf", archive, "-C", fresh, "--strip-components=1", "--no-same-owner"]);
    await rename(fresh, folder);
  }
  return folder;
}
