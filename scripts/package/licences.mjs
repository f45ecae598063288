// What the packed program is made of, and under which licences: each package's own text.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { bundleOptions, ENTRIES } from "../bundle-options.mjs";
import { inCheckout } from "../root.mjs";

const BESIDE = ["koffi", "raw-socket", "node-gyp-build"];

/**
 * One text: a list of name, version and licence, then each licence as it came. The order is the alphabet's.
 * @param beside `node`: the folder of the Node that is packed
 */
export async function licences({ node }) {
  const names = await packedPackages();
  const packages = names.map((name) => readLicence(name, inCheckout(`node_modules/${name}`)));
  packages.push(readLicence("Node.js", node));
  const list = packages.map(({ title, licence }) => `${title}: ${licence}`);
  const texts = packages.map(({ title, text }) => `==== ${title}\n\n${text.trim()}\n`);
  const own = readFileSync(inCheckout("LICENSE"), "utf8").trim();
  return `wsl-trace\n\n${own}\n\nIt contains:\n\n${list.join("\n")}\n\n${texts.join("\n")}`;
}

/** The names of all packages of which anything is packed, in the alphabet's order. */
export async function packedPackages() {
  return [...new Set([...(await bundledPackages()), ...BESIDE])].sort();
}

/** The names of all packages of which esbuild takes a file into the bundle. */
async function bundledPackages() {
  const names = new Set();
  for (const entry of Object.keys(ENTRIES)) {
    const { metafile } = await build({ ...bundleOptions(entry), write: false, outdir: "dist" });
    for (const file of Object.keys(metafile.inputs)) {
      // The last one: packages may have packages of their own inside.
      const inside = file.split("node_modules/").at(-1);
      if (inside === undefined || inside === file) continue;
      const [scope = "", name = ""] = inside.split("/");
      names.add(scope.startsWith("@") ? `${scope}/${name}` : scope);
    }
  }
  return names;
}

function readLicence(name, folder) {
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text =
    file === undefined
      ? "(the package has no file with its text)"
      : readFileSync(join(folder, file), "utf8");
  return { title: `${name} ${version}`, licence: license ?? "see below", text };
}
