// The error for a snapshot file that is none.

import fc from "fast-check";
import { expect, test } from "vitest";
import { TraceError } from "../../../src/errors.ts";
import { parseHostSnapshot, parseHostSnapshotText } from "../../../src/schema/host-snapshot.ts";

const good = { schema: "wsl-trace.host/1", collectedAt: "2026-11-22T10:00:00Z", sources: {} };

function errorOf(run: () => unknown): TraceError {
  try {
    run();
  } catch (error) {
    if (error instanceof TraceError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

test("unknown keys are kept and missing ones are null", () => {
  const snapshot = parseHostSnapshot({ ...good, extra: 1, sources: { Other: [1] } });
  expect(snapshot).toMatchObject({
    extra: 1,
    sources: { Other: [1] },
    elevated: null,
    languageMode: null,
  });
});

test("key names may be in any letter case and booleans may be text", () => {
  const json = { SCHEMA: "wsl-trace.host/1", Elevated: "True", Sources: { a: 1 } };
  expect(parseHostSnapshot([json])).toMatchObject({ elevated: true, sources: { a: 1 } });
});

test("another schema is named together with the one that is read", () => {
  const error = errorOf(() => parseHostSnapshot({ ...good, schema: "wsl-trace.host/2" }, "a.json"));
  expect(error.code).toBe("snapshot-schema");
  expect(error.message).toBe(
    "a.json has schema wsl-trace.host/2, this version reads wsl-trace.host/1; give another file, or --host-snapshot none",
  );
});

test("a missing schema is reported as missing", () => {
  const error = errorOf(() => parseHostSnapshot({ sources: {} }));
  expect(error.code).toBe("snapshot-schema");
  expect(error.message).toContain("has no schema");
});

test.each([
  [null],
  [[]],
  [[1, 2]],
  ["text"],
  [7],
  [{ ...good, sources: [] }],
  [{ ...good, sources: undefined }],
])("%j has the wrong shape", (json) => {
  expect(errorOf(() => parseHostSnapshot(json)).code).toBe("snapshot-shape");
});

test("a byte order mark and the NULs of wrongly decoded UTF-16 are dropped", () => {
  const text = JSON.stringify(good);
  const wide = [...text].map((char) => `${char}\u0000`).join("");
  expect(parseHostSnapshotText(`\uFEFF${text}\r\n`, "a.json").schema).toBe("wsl-trace.host/1");
  expect(parseHostSnapshotText(`\u00FF\u00FE${wide}`, "a.json").schema).toBe("wsl-trace.host/1");
});

test.each([[""], ["\uFEFF \r\n"], ["\u0000"]])("a file of %j is empty", (text) => {
  expect(errorOf(() => parseHostSnapshotText(text, "a.json")).code).toBe("snapshot-empty");
});

test("a file cut off anywhere is reported to end in the middle", () => {
  const text = JSON.stringify({ ...good, sources: { "Get-NetAdapter": [{ Name: 'a "b" \\' }] } });
  for (let end = 1; end < text.length; end += 1) {
    const error = errorOf(() => parseHostSnapshotText(text.slice(0, end), "a.json"));
    expect(error.code).toBe("snapshot-not-json");
    expect(error.message).toContain("a.json ends in the middle");
  }
});

test("a file that is no JSON is shown with its beginning", () => {
  const error = errorOf(() => parseHostSnapshotText("<!DOCTYPE html>", "a.json"));
  expect(error.code).toBe("snapshot-not-json");
  expect(error.message).toContain('it begins with "<!DOCTYPE html>"');
  expect(errorOf(() => parseHostSnapshotText("{'a': 1}", "a.json")).message).toContain(
    "is not valid JSON",
  );
});

test("whatever comes in, only a TraceError goes out", () => {
  const onlyTraceErrors = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      expect(error).toBeInstanceOf(TraceError);
    }
  };
  const almost = fc.record({ schema: fc.constant("wsl-trace.host/1"), sources: fc.anything() });
  fc.assert(
    fc.property(
      fc.oneof(fc.anything({ withNullPrototype: true }), almost),
      fc.string(),
      (json, text) => {
        onlyTraceErrors(() => parseHostSnapshot(json));
        onlyTraceErrors(() => parseHostSnapshotText(text, "a.json"));
        onlyTraceErrors(() => parseHostSnapshotText(`{${text}`, "a.json"));
      },
    ),
    { numRuns: 500 },
  );
});

test("the problem is there without the advice that ends the message", () => {
  const error = errorOf(() => parseHostSnapshotText("", "a.json"));
  expect(error.problem).toBe("a.json is empty");
  expect(error.message).toBe("a.json is empty; give another file, or --host-snapshot none");
});
