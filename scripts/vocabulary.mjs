// Writes the words of the tool's own texts into src/report/redact/vocabulary.ts: what redaction leaves as it is in free text.
// With --check it writes nothing, and fails where words are missing or too many.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { parseSync } from "oxc-parser";

const root = new URL("../", import.meta.url);
const OTHERS = /^probes\/(lab|ebpf-ts-bindings)\/|^src\/report\/redact\/|oem-code-pages/;
const WORD = /[A-Za-z]{2,}/g;
/** "v4tov4", "ipv6address": digits inside, which no parts make; no hexadecimal digits and no escapes. */
const MIXED = /(?<![A-Za-z\d])(?!(?:u|x)?[\da-f]+(?![A-Za-z\d]))[A-Za-z]+\d+[A-Za-z][A-Za-z\d]*/g;
const PART = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g;
/** File names, settings and names of servers that stand in the sources. */
const DOTTED = /(?<![\w.-])[A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)+/g;
const WIDTH = 116;

const words = new Set(Object.keys(constants.errno).map((name) => name.toLowerCase()));
for (const line of readFileSync(new URL("vocabulary.txt", import.meta.url), "utf8").split("\n")) {
  if (!line.startsWith("#")) addWords(line);
}
for (const folder of ["src", "probes"]) {
  for (const name of readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" })) {
    const file = `${folder}/${name}`;
    if (OTHERS.test(file) || !/\.(ts|ps1)$/.test(file)) continue;
    const text = readFileSync(new URL(file, root), "utf8");
    if (file.endsWith(".ps1")) addWords(text.replaceAll(/^\s*#.*$|\.(?!exe\b)/gm, " "));
    else visit(parseSync(file, text).program);
  }
}

const lines = [];
for (const word of [...words].sort()) {
  const last = lines.at(-1);
  if (last !== undefined && last.length + word.length < WIDTH)
    lines[lines.length - 1] += ` ${word}`;
  else lines.push(word);
}
const target = new URL("src/report/redact/vocabulary.ts", root);
const made = `// Words that redaction leaves in free text: those of the tool itself, of Linux and of Windows. Made by npm run vocabulary.

export const VOCABULARY: ReadonlySet<string> = new Set(
  \`
${lines.join("\n")}
\`
    .trim()
    .split(/\\s+/),
);
`;
if (!process.argv.includes("--check")) writeFileSync(target, made);
else if (readFileSync(target, "utf8") !== made) {
  process.stderr.write(
    "src/report/redact/vocabulary.ts lacks words of the sources: npm run vocabulary\n",
  );
  process.exitCode = 1;
}

/** Every string, template and property name, but for what modules are imported from. */
function visit(node) {
  if (typeof node !== "object" || node === null) return;
  if (/^(Import|Export\w+)Declaration$/.test(node.type ?? "") && node.source) return;
  if (node.type === "Literal") addWords(node.regex ? node.regex.pattern : String(node.value));
  if (node.type === "TemplateElement") addWords(node.value.cooked ?? "");
  if (node.type === "Property" && node.key.type === "Identifier") addWords(node.key.name);
  for (const child of Object.values(node)) visit(child);
}

function addWords(text) {
  for (const [dotted] of text.matchAll(DOTTED)) words.add(dotted.toLowerCase());
  for (const [word] of text.matchAll(WORD)) {
    const parts = word.match(PART) ?? [];
    for (const part of parts) if (part.length > 1) words.add(part.toLowerCase());
    // "NetBIOS", "WinNAT": whole as well, but no name of three words, which its parts make; a letter alone ("HyperVRule") is no part.
    if (parts.length === 2 || parts.filter((part) => part.length === 1).length === 1)
      words.add(word.toLowerCase());
  }
  for (const [word] of text.matchAll(MIXED)) words.add(word.toLowerCase());
}
