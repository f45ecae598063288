// The words that redaction leaves alone are those of the sources as they are now: a new text would read as somebody's name.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const SCRIPT = fileURLToPath(new URL("../../scripts/vocabulary.mjs", import.meta.url));

it("the vocabulary of redaction is made of the present sources", () => {
  const run = () => execFileSync(process.execPath, [SCRIPT, "--check"], { stdio: "pipe" });
  expect(run).not.toThrow();
});
