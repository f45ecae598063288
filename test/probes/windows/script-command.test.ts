// A script's way to PowerShell: over standard input, else on the command line, and what either has room for.

import { expect, test } from "vitest";
import { onCommandLine, overStandardInput } from "../../../probes/windows/script-command.ts";
import { readCollector, readHelper } from "../../../probes/windows/script-file.ts";

/** CreateProcess takes 32767; a thousand are for the program's path, and what WSL and Windows put around it. */
const ROOM = 31_767;
const LONG = `# filler\n'${"x".repeat(ROOM)}'\n`;

/** What -EncodedCommand holds. */
function decoded(script: string): string | null {
  const command = onCommandLine(script);
  if (command === null) return null;
  expect(command.args.join(" ").length).toBeLessThan(ROOM);
  expect(command.args.at(-2)).toBe("-EncodedCommand");
  return Buffer.from(command.args.at(-1) ?? "", "base64").toString("utf16le");
}

test("standard input takes a script of any length, as one line of ASCII, behind the same command", () => {
  const { args, head } = overStandardInput(`${LONG}"\u00fc \u212a"`);
  expect(head).toMatch(/^[\x20-\x7e]+\n$/);
  expect(JSON.parse(head)).toEqual({ script: `${LONG}"\u00fc \u212a"` });
  expect(args).toEqual(overStandardInput("").args);
});

test("the command has nothing that a shell, WSL or Windows quotes by a rule of its own", () => {
  const { args } = overStandardInput("");
  expect(args.join(" ").length).toBeLessThan(300);
  for (const arg of args) expect(arg).not.toMatch(/["\\%^\t\n]| {2}/);
});

test("the command line takes a script whole where it has room, without comments and indentation", () => {
  expect(decoded("# why\nif (1) {\n  'one'\n}\n#region extras\n'two'\n#endregion\n")).toBe(
    "if (1) {\n'one'\n}\n'two'",
  );
  expect(onCommandLine("'one'")).toMatchObject({ shortened: false });
});

test("the script's own functions have short names there, and what only looks like one stays", () => {
  const own = "function Add-Row($x) { Add-Row-More $x }\nAdd-Row 'Add-Row' (Add-Row 1)\nAdd-Rows";
  expect(decoded(own)).toBe("function f0($x) { Add-Row-More $x }\nf0 'Add-Row' (f0 1)\nAdd-Rows");
});

test("a script without room goes without its extras, wherever they stand, and one still too long not at all", () => {
  const extras = `#region extras\n${LONG}#endregion\n`;
  const script = `'one'\n${extras}'two'\n${extras}'three'\n`;
  expect(decoded(script)).toBe("'one'\n'two'\n'three'");
  expect(onCommandLine(script)).toMatchObject({ shortened: true });
  expect(onCommandLine(LONG)).toBeNull();
});

test("what findings need has room on the command line, the collector's and the helper's", async () => {
  const collector = decoded((await readCollector()).replace("#region extras\n", `$&${LONG}`));
  expect(collector).toContain("{ Get-NetRoute -EA Stop }");
  expect(collector).toContain("[string]::Join");
  expect(collector).not.toContain("Get-HnsNetwork");
  expect(decoded(await readHelper())).toContain("$lines | %");
});

test("the scripts are ASCII, and have nothing that dropping comments and indentation would change", async () => {
  for (const script of [await readCollector(), await readHelper()]) {
    expect(script).toMatch(/^[\x20-\x7e\n]+$/);
    expect(script).not.toMatch(/@["']\s*\n/);
    expect(script).not.toMatch(/`\s*\n\s*#/);
  }
});
