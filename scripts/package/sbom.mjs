// What the packed program is made of, for those who look for known weaknesses: CycloneDX, by npm from the lock file.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { inCheckout } from "../root.mjs";
import { packedPackages } from "./licences.mjs";

const run = promisify(execFile);
const ARGS = ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"];
/** Many times what it is. */
const MOST_BYTES = 1 << 26;

/**
 * The document as text: of all that is locked what is packed, and the Node beside it.
 * @param npm the command, as words
 * @param node the folder of the Node that is packed
 */
export async function sbom({ npm: [file, ...args], node }) {
  const options = { cwd: inCheckout(""), maxBuffer: MOST_BYTES };
  const { stdout } = await run(file, [...args, ...ARGS], options);
  const all = JSON.parse(stdout);
  const version = versionIn(node);
  const root = all.metadata.component["bom-ref"];
  return `${JSON.stringify(packedOf(all, root, await packedPackages(), version), null, 1)}\n`;
}

/** @throws where npm does not list something that is packed */
function packedOf(all, root, names, nodeVersion) {
  const packed = names.map((name) => {
    const version = versionIn(inCheckout(`node_modules/${name}`));
    const found = all.components.find((one) => one.name === name && one.version === version);
    if (found === undefined) throw new Error(`npm sbom does not list ${name}`);
    return { ...found, scope: "required", properties: [] };
  });
  const components = [...packed, nodeOf(nodeVersion)];
  const refs = new Set(components.map((one) => one["bom-ref"]));
  const dependencies = [...refs].map((ref) => {
    const known = all.dependencies.find((one) => one.ref === ref);
    return { ref, dependsOn: (known?.dependsOn ?? []).filter((other) => refs.has(other)) };
  });
  // The same packages make the same bytes: the number and the time that npm draws would differ each time.
  const { serialNumber: _number, metadata, ...rest } = all;
  const { timestamp: _time, ...known } = metadata;
  return {
    ...rest,
    metadata: known,
    components,
    dependencies: [{ ref: root, dependsOn: [...refs] }, ...dependencies],
  };
}

function versionIn(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
}

function nodeOf(version) {
  return {
    "bom-ref": `node@${version}`,
    type: "platform",
    name: "node",
    version,
    scope: "required",
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
    purl: `pkg:generic/node@${version}`,
    licenses: [{ license: { id: "MIT" } }],
  };
}
