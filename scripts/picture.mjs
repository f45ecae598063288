// Makes the generated block of README.md anew: a real run in the lab. Run by hand.

import { readFileSync, writeFileSync } from "node:fs";
import { enter } from "./entry.mjs";

const README = new URL("../README.md", import.meta.url);

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
    writeFileSync(README, replaceBlock(readFileSync(README, "utf8"), "picture", codeBlock(run)));
    return 0;
  }

  return { main };
});

function codeBlock(text) {
  return `\`\`\`text\n${text}\n\`\`\``;
}
