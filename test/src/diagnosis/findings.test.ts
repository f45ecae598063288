// The table of causes: ids, words and dependencies that other modules rely on.

import { describe, expect, it } from "vitest";
import { FINDINGS, type FindingRow, isCauseId } from "../../../src/diagnosis/findings.ts";

const rows: readonly (readonly [string, FindingRow])[] = Object.entries(FINDINGS);

describe("the table of causes", () => {
  it.each(rows)("%s is a kebab-case id with a one-line title", (id, { title }) => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
    expect(title).toMatch(/^\S[^\n]{10,90}[^.\s]$/);
  });

  it.each(rows)("%s depends only on other causes of the table", (id, { dependsOn }) => {
    expect(dependsOn).not.toContain(id);
    expect(dependsOn.filter((cause) => !isCauseId(cause))).toEqual([]);
  });

  it("no cause is, through others, its own consequence", () => {
    const reaches = (from: string, seen: readonly string[]): readonly string[] =>
      seen.includes(from) || !isCauseId(from)
        ? [from]
        : FINDINGS[from].dependsOn.flatMap((cause) => [cause, ...reaches(cause, [...seen, from])]);
    expect(rows.map(([id]) => id).filter((id) => reaches(id, []).includes(id))).toEqual([]);
  });

  it("text that is no id is not taken for one, inherited names included", () => {
    expect(["path-loss", "toString", "", "path-los"].filter(isCauseId)).toEqual(["path-loss"]);
  });
});
