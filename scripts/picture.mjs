// Makes the generated blocks of README.md and docs/causes.md anew: a real run in the lab, and the list of findings. Run by hand.

import { readFileSync, writeFileSync } from "node:fs";
import { enter } from "./entry.mjs";

const README = new URL("../README.md", import.meta.url);
const CAUSES = new URL("../docs/causes.md", import.meta.url);

enter(async () => {
  const { replaceBlock, shortened } = await import("./generated-block.mjs");
  const { runQuietly } = await import("./processes.mjs");
  const { setUp } = await import("./setup.mjs");

  async function printed(...args) {
    const { code, output } = await runQuietly(process.execPath, ["dist/cli.js", ...args]);
    if (code !== 0) throw new Error(`${args.join(" ")} ended with code ${code}:\n${output}`);
    return output.trimEnd();
  }

  async function main() {
    await setUp();
    const run = shortened(await printed("lab", "run", "wsl2-vpn", "--expect"));
    const findings = findingRows(await printed("explain"));
    writeFileSync(README, replaceBlock(readFileSync(README, "utf8"), "picture", codeBlock(run)));
    writeFileSync(CAUSES, replaceBlock(readFileSync(CAUSES, "utf8"), "findings", findings));
    return 0;
  }

  return { main };
});

function codeBlock(text) {
  return `\`\`\`text\n${text}\n\`\`\``;
}

/** `wsl-trace explain` lists two lines for each: id, severity and segment; then the title. */
function findingRows(list) {
  const entries = list.matchAll(/^([a-z0-9-]+) +(fault|warning|note) +.*\n {2}(.+)$/gm);
  const rows = [...entries].map(
    ([, id, severity, title]) => `| \`${id}\` | ${severity} | ${title} |`,
  );
  return ["| cause | severity | what it is |", "| --- | --- | --- |", ...rows].join("\n");
}
