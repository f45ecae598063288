// Every command of Windows on every page, as it would be pasted, in the real PowerShell engine before stand-ins.

import { beforeEach, describe, expect, test } from "vitest";
import { CAUSES } from "../../../../src/diagnosis/causes/list.ts";
import { ENGINE_FORMS, runEngineFile, whyNotRun } from "../../../builders/engine.ts";
import { KNOWN_COMMANDS, pageBlocks, standIns } from "../../../builders/page-commands.ts";

const blocks = await pageBlocks();
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Each block by its number, with what the parser says of it and the commands that it calls. */
const PARSED = `
$blocks = @(${blocks.map(({ text }) => quoted(text)).join(",\n")})
foreach ($text in $blocks) {
  $tokens = $null; $errors = $null
  $tree = [System.Management.Automation.Language.Parser]::ParseInput($text, [ref]$tokens, [ref]$errors)
  $called = @($tree.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true) | ForEach-Object { $_.GetCommandName() })
  '' + ($errors -join ' / ') + '|' + ($called -join ',')
}`;

const RUN = `${standIns()}
${blocks
  .map(
    ({ text }, n) =>
      `try { & {\n$ErrorActionPreference = 'Stop'\n${text}\n} | Out-Null } catch { "${n} $_" }`,
  )
  .join("\n")}`;

/** What is called, by cause; nothing is run before all of it is known. */
function parsed() {
  return runEngineFile(PARSED)
    .trimEnd()
    .split(/\r?\n/)
    .map((line, n) => {
      const [errors = "", called = ""] = line.split("|");
      return { cause: blocks[n]?.cause, errors, called: called.split(",") };
    });
}

let known: readonly string[] | null = null;

/** What no stand-in is there for, which would be run in earnest. */
function strangers(): readonly string[] {
  known ??= strangersIn(parsed());
  return known;
}

function strangersIn(all: ReturnType<typeof parsed>): readonly string[] {
  return all.flatMap(({ cause, errors, called }) => [
    ...(errors === "" ? [] : [`${cause}: ${errors}`]),
    ...called.filter((name) => !KNOWN_COMMANDS.has(name)).map((name) => `${cause}: ${name}`),
  ]);
}

test("the pages have commands of Windows, those of mirrored mode too", () => {
  expect(blocks.length).toBeGreaterThan(60);
  const causes = new Set(blocks.map(({ cause }) => cause));
  expect(CAUSES.filter(({ id }) => causes.has(id)).length).toBeGreaterThan(45);
});

describe.each(ENGINE_FORMS)("what the pages have typed, $form", ({ variables }) => {
  const why = whyNotRun(variables);
  beforeEach(({ skip }) => skip(why !== null, why ?? ""));

  test("is what PowerShell parses, calls nothing unknown, and gives no cmdlet what it does not take", () => {
    expect(strangers()).toEqual([]);
    const wrong = runEngineFile(RUN, variables)
      .split(/\r?\n/)
      .filter((line) => line.trim() !== "")
      .map((line) => `${blocks[Number.parseInt(line, 10)]?.cause}: ${line}`);
    expect(wrong).toEqual([]);
  }, 120_000);
});
