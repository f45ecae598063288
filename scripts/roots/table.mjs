// What a case printed, as a row, and the rows as a table.

import { CASES, SYSTEMS } from "./cases.mjs";

const MS_PER_S = 1000;
const BYTES_PER_MB = 1_000_000;

/** What a case came to: figures are null where it printed none. `right`: as it was expected, a refusal included. */
export function rowOf(one, output) {
  const figure = (name) => {
    const [, text] = new RegExp(`^@@${name} (\\d+)$`, "m").exec(output) ?? [];
    return text === undefined ? null : Number(text);
  };
  const said = output.split("\n").filter((line) => line !== "" && !line.startsWith("@@"));
  const outcome = said.findLast((line) => OUTCOME.test(line)) ?? said.at(-1) ?? "";
  const refused = one.refused !== null && output.includes(one.refused);
  const ended = figure("code") === 0 && OUTCOME.test(outcome);
  return {
    ...one,
    output,
    outcome: refused ? `refused: ${one.refused}` : outcome,
    right: one.refused === null ? ended : refused && figure("code") !== 0,
    installMs: figure("installed"),
    runMs: figure("ran"),
    writtenBytes: figure("written"),
    packageBytes: figure("package"),
    debianPackages: figure("debian"),
    npmPackages: figure("npm"),
  };
}

/** The main job went well. */
const OUTCOME = /: healthy$|: the expected verdict came$|^\d+ passed, 0 failed$/;

const HEAD = [
  "system",
  "form",
  "Node",
  "who",
  "network",
  "installed in",
  "main job in",
  "is there",
  "written",
  "packages added",
  "outcome",
];

export function tableOf(rows) {
  return [HEAD, HEAD.map(() => "---"), ...rows.map(cells)].map(line).join("\n");
}

/** The table with those rows in the place of the ones that it had; a case that there is no longer has none. */
export function updatedTable(old, rows) {
  const lines = new Map(old.split("\n").map((text) => [keyOf(text), text]));
  for (const row of rows) lines.set(keyOf(line(cells(row))), line(cells(row)));
  const known = CASES.map((one) => lines.get(keyOf(line(nameCells(one)))));
  const found = known.filter((text) => text !== undefined);
  return [line(HEAD), line(HEAD.map(() => "---")), ...found].join("\n");
}

function line(texts) {
  return `| ${texts.join(" | ")} |`;
}

/** What names a case, in the line that it has. */
function keyOf(text) {
  return text.split(" | ", NAME_CELLS).join(" | ").replace(/ \|$/, "");
}

const NAME_CELLS = 5;

function nameCells({ system, form, user, node, offline }) {
  return [
    SYSTEMS[system].name,
    form,
    node ?? "its own",
    user === "root" ? "root" : "a user",
    offline ? "none" : "registries",
  ];
}

function cells(row) {
  return [
    ...nameCells(row),
    seconds(row.installMs),
    seconds(row.runMs),
    megabytes(row.packageBytes),
    megabytes(row.writtenBytes),
    packages(row),
    row.right ? row.outcome.replace(/^[^ ]+: /, "") : "wrong",
  ];
}

function seconds(ms) {
  return ms === null ? "" : `${(ms / MS_PER_S).toFixed(1)} s`;
}

function megabytes(bytes) {
  return bytes === null ? "" : `${(bytes / BYTES_PER_MB).toFixed(1)} MB`;
}

function packages({ debianPackages, npmPackages }) {
  const parts = [
    [debianPackages, "Debian"],
    [npmPackages, "npm"],
  ].filter(([count]) => count !== null && count > 0);
  return parts.map(([count, kind]) => `${count} ${kind}`).join(", ") || "none";
}
