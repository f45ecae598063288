// The JSON report: the published shape, in one order.

import { describe, expect, it } from "vitest";
import { jsonReport } from "../../../src/report/json.ts";
import { escapedJson } from "../../../src/schema/recording-lines.ts";
import { report } from "../../../src/schema/report.ts";
import { blackholeReport } from "./sample-report.ts";

describe("the JSON report", () => {
  it("is two-space JSON of the schema with a newline at its end", () => {
    const text = jsonReport(blackholeReport);
    expect(text.startsWith('{\n  "schema": "wsl-trace.report/1",\n  "version"')).toBe(true);
    expect(text.endsWith("}\n")).toBe(true);
    expect(report.parse(JSON.parse(text))).toEqual(blackholeReport);
  });

  it("has its keys in the schema's order, whatever order they came in", () => {
    const shuffled = Object.fromEntries(Object.entries(blackholeReport).reverse());
    expect(jsonReport(report.parse(shuffled))).toBe(jsonReport(blackholeReport));
    const target = { address: null, port: 1, host: "h", input: "i" };
    expect(jsonReport({ ...blackholeReport, target })).toContain(
      '"target": {\n    "input": "i",\n    "host": "h",\n    "port": 1,\n    "address": null\n  }',
    );
  });

  it("holds nothing that the schema does not name", () => {
    const secret = { ...blackholeReport, password: "hunter2" };
    expect(jsonReport(secret)).toBe(jsonReport(blackholeReport));
  });

  it("refuses a report that is not of the published shape", () => {
    expect(() => jsonReport({ ...blackholeReport, durationMs: Number.NaN })).toThrow();
  });
});

it("controls and overrides of direction are written as numbers, and read back as they were", () => {
  const text = "a\u009bb\u202ec\u2066d\ufeff";
  const json = escapedJson({ text });
  expect(json).toBe('{"text":"a\\u009bb\\u202ec\\u2066d\\ufeff"}');
  expect(JSON.parse(json)).toEqual({ text });
});
