// The folder that runs by itself: the bundle, koffi and raw-socket with their native parts, and a stripped Node.

import { chmod, cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inCheckout } from "../root.mjs";
import { licences } from "./licences.mjs";
import { NODE_ABI } from "./pins.mjs";
import { fetchPackage } from "./registry.mjs";
import { sbom } from "./sbom.mjs";

/**
 * Makes it in `folder`, which is empty: `node`, `dist`, `node_modules`, `LICENSES.txt`, `sbom.cdx.json`.
 * @param architecture an entry of ARCHITECTURES, `platform` "x64" or "arm64"
 * @param tools as for fetchPackage, and `strip`
 */
export async function makeTree(folder, { platform, architecture }, tools) {
  const node = await fetchPackage(architecture.node, tools);
  const koffi = await fetchPackage(architecture.koffi, tools);
  await cp(inCheckout("dist"), join(folder, "dist"), {
    recursive: true,
    // Maps give --debug its names back, and weigh more than the program: who installs this reads no source.
    filter: (source) => !source.endsWith(".map") && !source.endsWith(".stamp.json"),
  });
  // The bundle's modules are ESM by this.
  await writeFile(join(folder, "package.json"), '{ "type": "module" }\n');
  await copyKoffi(folder, platform, koffi);
  await copyRawSocket(folder, platform);
  await tools.run(tools.strip, ["-s", "-o", join(folder, "node"), join(node, "bin/node")]);
  await chmod(join(folder, "node"), 0o755);
  await writeFile(join(folder, "LICENSES.txt"), await licences({ node }));
  await writeFile(join(folder, "sbom.cdx.json"), await sbom({ npm: tools.npm, node }));
}

async function copyKoffi(folder, platform, native) {
  const own = join(folder, `node_modules/@koromix/koffi-linux-${platform}`);
  for (const file of ["package.json", "index.js", `linux_${platform}/koffi.node`]) {
    await copyFile(join(native, file), join(own, file));
  }
}

async function copyRawSocket(folder, platform) {
  const own = join(folder, "node_modules/raw-socket");
  for (const file of ["package.json", "index.js"]) {
    await copyFile(inCheckout(`node_modules/raw-socket/${file}`), join(own, file));
  }
  const binaries = `prebuilds/linux-${platform}`;
  for (const file of await readdir(inCheckout(`node_modules/raw-socket/${binaries}`))) {
    if (!file.includes(`abi${NODE_ABI}.`) || file.includes("musl")) continue;
    await copyFile(
      inCheckout(`node_modules/raw-socket/${binaries}/${file}`),
      join(own, binaries, file),
    );
  }
  const loader = join(folder, "node_modules/node-gyp-build");
  for (const file of ["package.json", "index.js", "node-gyp-build.js"]) {
    await copyFile(inCheckout(`node_modules/node-gyp-build/${file}`), join(loader, file));
  }
}

async function copyFile(from, to) {
  await mkdir(join(to, ".."), { recursive: true });
  await cp(from, to);
}
