// Fingerprints of files, by which a set-up knows what it has done already.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A fingerprint of a file's text; null when there is no such file. */
export function fileDigest(path) {
  try {
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  } catch {
    return null;
  }
}

/** A fingerprint over names and texts of files and of whole folders, below `root`. */
export function treeDigest(root, paths) {
  const hash = createHash("sha256");
  for (const file of paths.flatMap((path) => filesBelow(root, path)).sort()) {
    hash.update(`${file}\0${fileDigest(join(root, file))}\0`);
  }
  return hash.digest("hex");
}

function filesBelow(root, path) {
  try {
    const entries = readdirSync(join(root, path), { withFileTypes: true });
    return entries.flatMap((entry) => {
      const below = join(path, entry.name);
      return entry.isDirectory() ? filesBelow(root, below) : [below];
    });
  } catch (error) {
    return error.code === "ENOTDIR" ? [path] : [];
  }
}

/** What a stamp file holds; an empty object when it is not there or not whole. */
export function readStamp(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}

export function writeStamp(file, stamp) {
  writeFileSync(file, `${JSON.stringify(stamp)}\n`);
}
