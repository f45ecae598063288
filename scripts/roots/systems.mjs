// Clean systems by mmdebstrap, made once and kept; a case writes into a layer above one.

import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { ARM64, SYSTEMS } from "./cases.mjs";

const MIRROR = "http://deb.debian.org/debian";

/**
 * The folder of a system below `cache`: one of SYSTEMS, or else the one for arm64.
 * @param tools `run(file, args, extra)`, `notify`
 */
export async function provideSystem(id, cache, { run, notify }) {
  const { name, suite, include = [], extra = ["--variant=minbase"] } = SYSTEMS[id] ?? ARM64;
  const folder = join(cache, id);
  if (existsSync(folder)) return folder;
  notify(`${name}: mmdebstrap ${suite}, some minutes, once`);
  await mkdir(cache, { recursive: true });
  const fresh = `${folder}.${process.pid}`;
  const wanted = include.length === 0 ? [] : [`--include=${include.join(",")}`];
  const options = [...extra, "--format=directory", "--dpkgopt=force-unsafe-io"];
  // In a mount namespace of its own: when it is killed, what it had mounted is gone with it.
  const args = ["--mount", "mmdebstrap", ...options, ...wanted, suite, fresh, MIRROR];
  await run("unshare", args, { TMPDIR: cache });
  await rename(fresh, folder);
  return folder;
}
