// The man page: each command of the grammar, in lines that roff reads as text.

import { Command } from "commander";
import { expect, it } from "vitest";
import { manPage } from "../../scripts/package/man-page.mjs";

const ABOUT = {
  version: "1.2.3",
  date: "2026-01-02",
  examples: [["a site does not load", "wsl-trace path a.example"]],
} as const;

function program(): Command {
  const made = new Command("wsl-trace").description("Finds things, and why.");
  made
    .command("path <target...>")
    .description("the whole diagnosis")
    .option("--json", ".dots and 'quotes' in \\front");
  made.command("secret", { hidden: true }).description("not for people");
  made.command("lab").command("run <scenario>").description("build it");
  return made;
}

it("has a section for each command that is shown, with its options", () => {
  const page = manPage(program(), ABOUT);
  expect(page).toContain('.TH WSL-TRACE 1 2026-01-02 "wsl\\-trace 1.2.3"');
  expect(page).toContain('.SS "path <target...>"');
  expect(page).toContain('.SS "lab run <scenario>"');
  expect(page).not.toContain("secret");
});

it("writes no text that roff would take for a command, and no line that is too long", () => {
  const page = manPage(program(), ABOUT);
  expect(page).toContain("\n\\&.dots and 'quotes' in \\efront\n");
  for (const line of page.split("\n")) {
    expect(line.length).toBeLessThanOrEqual(80);
    if (/^[.']/.test(line)) expect(line).toMatch(/^\.(TH|SH|SS|TP|B|BR|I|PP)\b/);
  }
});
