// wsl-trace explain: the list, a page for every cause, and a suggestion for what is none.

import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { explain } from "../../../src/commands/explain.ts";
import { FINDINGS, type FindingRow } from "../../../src/diagnosis/findings.ts";
import { EXIT } from "../../../src/errors.ts";

const pages = new URL("../../../src/diagnosis/rules/", import.meta.url);
const readPage = (cause: string) => readFile(new URL(`${cause}.md`, pages), "utf8");
const rows: readonly (readonly [string, FindingRow])[] = Object.entries(FINDINGS);

async function printed(cause?: string): Promise<string> {
  let text = "";
  const print = (part: string) => {
    text += part;
  };
  await expect(explain(cause, { readPage, print })).resolves.toBe(EXIT.healthy);
  return text;
}

describe("explain", () => {
  it("without a cause lists every cause with severity, segment and title in 80 columns", async () => {
    const text = await printed();
    for (const [id, { title, severity, segment }] of rows) {
      expect(text).toMatch(
        new RegExp(`^${id} +${severity} +${segment ?? "where it is measured"}$`, "m"),
      );
      expect(text).toContain(`\n  ${title}\n`);
    }
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(text.endsWith("wsl-trace explain <cause>\n")).toBe(true);
  });

  it("with a cause prints its page as it is", async () => {
    expect(await printed("path-loss")).toBe(await readPage("path-loss"));
  });

  it.each([
    ["vpn-mtu-inbund-blackhole", "did you mean vpn-mtu-inbound-blackhole or"],
    ["nrpt", "did you mean nrpt-only-vpn-dns?"],
    ["NRPT-only-vpn-dns", "did you mean nrpt-only-vpn-dns?"],
    ["blackhole", "did you mean vpn-mtu-inbound-blackhole or vpn-mtu-outbound-blackhole or"],
    ["printer-on-fire", 'no cause "printer-on-fire"; wsl-trace explain lists them all.'],
    ["toString", 'no cause "toString"; wsl-trace explain lists them all.'],
    ["", 'no cause ""; wsl-trace explain lists them all.'],
    ["\u001b[2J", 'no cause "\\x1b[2J"; wsl-trace explain lists them all.'],
  ])("names %j and suggests what is near", async (cause, suggestion) => {
    const outcome = explain(cause, { readPage, print: () => {} });
    await expect(outcome).rejects.toMatchObject({
      code: "unknown-cause",
      exitCode: EXIT.usage,
      message: expect.stringContaining(suggestion),
    });
  });
});

describe("the pages", () => {
  const headings = ["What it means", "Why it hurts", "How we know", "How to fix", "Sources"];

  it("are there for the causes of the table and for no others", async () => {
    const files = (await readdir(pages)).filter((file) => file.endsWith(".md"));
    expect(files.sort()).toEqual(rows.map(([id]) => `${id}.md`).sort());
  });

  it.each(rows)(
    "of %s has its headings in order, 25 to 60 lines, and fits a terminal",
    async (id) => {
      const lines = (await readPage(id)).split("\n");
      expect(lines[0]).toBe(`# ${id}`);
      expect(lines[2]).toMatch(/^\S.*\.$/);
      expect(lines.filter((line) => line.startsWith("## "))).toEqual(
        headings.map((heading) => `## ${heading}`),
      );
      expect(lines.length).toBeGreaterThanOrEqual(25);
      expect(lines.length).toBeLessThanOrEqual(61);
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
    },
  );

  it("are no copies of each other", async () => {
    const texts = await Promise.all(rows.map(([id]) => readPage(id)));
    const sentences = texts.map(
      (text) =>
        new Set(text.split("\n").filter((line) => line.length > 50 && !line.startsWith("-"))),
    );
    const shared = sentences.flatMap((own, index) =>
      sentences.slice(index + 1).flatMap((other) => [...own].filter((line) => other.has(line))),
    );
    expect(shared).toEqual([]);
  });
});
