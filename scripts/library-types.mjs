// The library's declarations: the published schema of a report as TypeScript, and behind it the contract.

import { readFile } from "node:fs/promises";
import { compile } from "json-schema-to-typescript";
import { inCheckout } from "./root.mjs";

const HEAD = "// wsl-trace as a library. A property that you do not know is of a later version.";

/** What the contract's types are the types of; src/index.ts has the same names. */
const VALUES = `export declare const trace: Trace;
export declare const replay: Replay;
export declare const diagnose: Diagnose;
export declare const redact: Redact;

/** What stops a trace: a code that stays, and a sentence with what to do next. */
export declare class TraceError extends Error {
  readonly code: string;
  /** The sentence without what to do next. */
  readonly problem: string;
  /** Of the command line, where it ends with this error. */
  readonly exitCode: 0 | 1 | 2 | 3;
}
`;

/** The text of dist/index.d.ts; it imports nothing. */
export async function libraryTypes() {
  const text = await readFile(inCheckout("docs/schema/report.json"), "utf8");
  const schema = JSON.parse(text, (_, value) => withTuple(value));
  const contract = await readFile(inCheckout("src/library/contract.ts"), "utf8");
  const report = await compile({ ...schema, $id: undefined, title: "Report" }, "Report", {
    additionalProperties: false,
    bannerComment: "",
  });
  const types = contract.replace(/^\/\/.*\n/, "").replace(/^import type .*\n/m, "");
  return `${HEAD}\n\n${report.trim()}\n${types.trimEnd()}\n\n${VALUES}`;
}

/** The compiler reads tuples as draft 4 has them. */
function withTuple(schema) {
  if (!Array.isArray(schema?.prefixItems)) return schema;
  const { prefixItems: items, ...rest } = schema;
  return { ...rest, items, minItems: items.length, maxItems: items.length };
}
