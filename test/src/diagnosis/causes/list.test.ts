// The list of causes: ids, words, dependencies, and a rule and a page for each in the folder of its area.

import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { CAUSES, causeOf, type KnownCause } from "../../../../src/diagnosis/causes/list.ts";

const FOLDER = new URL("../../../../src/diagnosis/causes/", import.meta.url);
const HEADINGS = ["What it means", "Why it hurts", "How we know", "How to fix", "Sources"];

function fileOf({ area, id }: KnownCause, ending: "md" | "ts"): string {
  return `${area}/${id}.${ending}`;
}

function textOf(file: string): Promise<string> {
  return readFile(new URL(file, FOLDER), "utf8");
}

describe.each(CAUSES.map((cause) => [cause.id, cause] as const))("%s", (id, cause) => {
  it("is a kebab-case id with a one-line title", () => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
    expect(cause.title).toMatch(/^\S[^\n]{10,90}[^.\s]$/);
  });

  it("depends on and looks like other causes of the list", () => {
    const { dependsOn, dependsOnResolverPath = [], differentialCauses } = cause;
    const others: readonly string[] = [
      ...dependsOn,
      ...dependsOnResolverPath,
      ...differentialCauses,
    ];
    expect(others.filter((other) => other === id || causeOf(other) === undefined)).toEqual([]);
  });

  it("has its rule in the folder of its area", async () => {
    expect(await textOf(fileOf(cause, "ts"))).toContain(`  id: "${id}",\n  area: "${cause.area}",`);
  });

  it("has a page with its headings in order, 25 to 60 lines, that fits a terminal", async () => {
    const lines = (await textOf(fileOf(cause, "md"))).split("\n");
    expect(lines[0]).toBe(`# ${id}`);
    expect(lines[2]).toMatch(/^\S.*\.$/);
    expect(lines.filter((line) => line.startsWith("## "))).toEqual(
      HEADINGS.map((heading) => `## ${heading}`),
    );
    expect(lines.length).toBeGreaterThanOrEqual(25);
    expect(lines.length).toBeLessThanOrEqual(61);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });
});

describe("the list of causes", () => {
  it("holds every id once", () => {
    expect(new Set(CAUSES.map(({ id }) => id)).size).toBe(CAUSES.length);
  });

  it("holds every rule and every page of the folders", async () => {
    const files = await readdir(FOLDER, { recursive: true });
    const pages = files.filter((file) => file.endsWith(".md"));
    expect(pages.sort()).toEqual(CAUSES.map((cause) => fileOf(cause, "md")).sort());
    const rules: string[] = [];
    for (const file of files.filter((name) => name.endsWith(".ts"))) {
      if (/ = cause\(/.test(await textOf(file))) rules.push(file);
    }
    expect(rules.sort()).toEqual(CAUSES.map((cause) => fileOf(cause, "ts")).sort());
  });

  it("has pages that are no copies of each other", async () => {
    const texts = await Promise.all(CAUSES.map((cause) => textOf(fileOf(cause, "md"))));
    const sentences = texts.map(
      (text) =>
        new Set(text.split("\n").filter((line) => line.length > 50 && !line.startsWith("-"))),
    );
    const shared = sentences.flatMap((own, index) =>
      sentences.slice(index + 1).flatMap((other) => [...own].filter((line) => other.has(line))),
    );
    expect(shared).toEqual([]);
  });

  it("makes no cause, through others, its own consequence", () => {
    const behind = (id: string): ReadonlySet<string> => {
      const found = new Set<string>();
      const left: string[] = [...(causeOf(id)?.dependsOn ?? [])];
      for (let next = left.pop(); next !== undefined; next = left.pop()) {
        if (!found.has(next)) left.push(...(causeOf(next)?.dependsOn ?? []));
        found.add(next);
      }
      return found;
    };
    expect(CAUSES.map(({ id }) => id).filter((id) => behind(id).has(id))).toEqual([]);
  });

  it("takes no text for an id that is none, inherited names included", () => {
    const texts = ["path-loss", "toString", "", "path-los"];
    expect(texts.filter((text) => causeOf(text) !== undefined)).toEqual(["path-loss"]);
  });
});
