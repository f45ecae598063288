// wsl-trace explain: the list, the page of a cause, and a suggestion for what is none.

import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { explain } from "../../../src/commands/explain.ts";
import { CAUSES, type KnownCause } from "../../../src/diagnosis/causes/list.ts";
import { EXIT } from "../../../src/errors.ts";

const pages = new URL("../../../src/diagnosis/causes/", import.meta.url);
const readPage = ({ area, id }: Pick<KnownCause, "area" | "id">) =>
  readFile(new URL(`${area}/${id}.md`, pages), "utf8");

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
    for (const { id, title, severity, segment } of CAUSES) {
      expect(text).toMatch(
        new RegExp(`^${id} +${severity} +${segment ?? "where it is measured"}$`, "m"),
      );
      expect(text).toContain(`\n  ${title}\n`);
    }
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(text.endsWith("wsl-trace explain <cause>\n")).toBe(true);
  });

  it("with a cause prints its page as it is", async () => {
    expect(await printed("path-loss")).toBe(await readPage({ area: "reach", id: "path-loss" }));
  });

  it.each([
    ["vpn-mtu-inbund-blackhole", "did you mean vpn-mtu-inbound-blackhole or"],
    ["nrpt", "did you mean nrpt-only-vpn-dns?"],
    ["NRPT-only-vpn-dns", "did you mean nrpt-only-vpn-dns?"],
    ["blackhole", "did you mean vpn-mtu-inbound-blackhole or pmtu-inbound-blackhole or"],
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
