// How long each fix of the recordings lasts: listed, so that a new one is looked at.

import { expect, it } from "vitest";
import { diagnose } from "../../../../src/diagnosis/diagnose.ts";
import { fold } from "../../../../src/model/reduce.ts";
import { publishedDiagnosis } from "../../../../src/report/diagnosis.ts";
import { lastingOf } from "../../../../src/report/words/lasts.ts";
import { readEvents, readRecordings } from "../../../recordings/files.ts";

const FIXES = readRecordings().flatMap(({ files }) =>
  publishedDiagnosis(diagnose(fold(readEvents(files[0] ?? "")))).findings.flatMap(
    ({ fixes }) => fixes,
  ),
);

it("every fix says how long it lasts, as it was", async () => {
  const lines = FIXES.map((fix) => `${lastingOf(fix)}: ${fix.title.replaceAll(/\d+/g, "N")}`);
  await expect(`${[...new Set(lines)].sort().join("\n")}\n`).toMatchFileSnapshot(
    "golden/lasts.txt",
  );
});

it("what only restarts WSL, or only shows, is never said to last until a restart", () => {
  for (const fix of FIXES) {
    const isAct = fix.commands.every((line) => line === "wsl --shutdown");
    if (isAct) expect(lastingOf(fix)).toBe("once");
    if (fix.commands.some((line) => line.includes(".wslconfig")))
      expect(lastingOf(fix)).toBe("kept");
  }
});

it.each([
  ["Get-HnsPolicyList | Remove-HnsPolicyList", "until-set-anew"],
  ["Get-NetRoute -DestinationPrefix 0.0.0.0/0", "shows"],
] as const)("%s: %s", (line, lasting) => {
  const fix = { commands: [line], persistent: false, where: "windows-admin" } as const;
  expect(lastingOf(fix)).toBe(lasting);
});
