// The host snapshot: from a file that is whole, or a sentence that names what is wrong with it.

import { describe, expect, test } from "vitest";
import type { System } from "../../../probes/system.ts";
import { createHostProbe, readSnapshotFile } from "../../../probes/windows/host-snapshot.ts";
import { TraceError } from "../../../src/errors.ts";
import { testContext } from "../../builders/context.ts";
import { vantage } from "../../builders/events.ts";
import { plainHost } from "../../builders/host.ts";

function systemWith(files: Readonly<Record<string, string>>): System {
  return {
    run: async () => ({ exitCode: 127, stdout: "", stderr: "not found" }),
    readText: async (path) => {
      const text = files[path];
      if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
      return text;
    },
    readLink: async () => Promise.reject(new Error("EINVAL")),
    listDirectory: async () => Promise.reject(new Error("ENOENT")),
  };
}

const text = JSON.stringify(plainHost);

test("a file that is whole is read, with a byte order mark too", async () => {
  for (const content of [text, `\uFEFF${text}`]) {
    expect(await readSnapshotFile(systemWith({ "host.json": content }), "host.json")).toMatchObject(
      {
        schema: "wsl-trace.host/1",
      },
    );
  }
});

describe("a file that is not", () => {
  test.each([
    { what: "missing", files: {}, code: "snapshot-unreadable" },
    { what: "empty", files: { "host.json": "" }, code: "snapshot-empty" },
    { what: "blank", files: { "host.json": " \n" }, code: "snapshot-empty" },
    { what: "no JSON", files: { "host.json": "hello" }, code: "snapshot-not-json" },
    { what: "cut off", files: { "host.json": text.slice(0, 500) }, code: "snapshot-not-json" },
    {
      what: "of another schema",
      files: { "host.json": text.replace("host/1", "host/2") },
      code: "snapshot-schema",
    },
    { what: "a list", files: { "host.json": "[1,2]" }, code: "snapshot-shape" },
    { what: "null", files: { "host.json": "null" }, code: "snapshot-shape" },
  ])("$what is refused by its name, as bad input", async ({ files, code }) => {
    const failure = readSnapshotFile(systemWith(files), "host.json");
    await expect(failure).rejects.toBeInstanceOf(TraceError);
    await expect(failure).rejects.toMatchObject({
      code,
      exitCode: 2,
      message: expect.stringContaining("host.json"),
    });
  });
});

describe("the probe", () => {
  const reported = async (
    source: Parameters<typeof createHostProbe>[0],
    kind: "wsl2" | "linux",
  ) => {
    const context = testContext([vantage(kind)]);
    await createHostProbe(source, plainHost, async () => ({
      kind: "none",
      code: "powershell-missing",
      reason: "give --host-snapshot FILE",
    }))(context);
    return context.path().host;
  };

  test("reports the file's snapshot", async () => {
    expect(await reported({ kind: "file", path: "host.json" }, "wsl2")).toMatchObject({
      origin: "file",
      reason: null,
      snapshot: { schema: "wsl-trace.host/1" },
    });
  });

  test.each([
    { source: { kind: "none" }, kind: "wsl2", words: "--host-snapshot none" },
    { source: { kind: "auto" }, kind: "wsl2", words: "--host-snapshot FILE" },
    { source: { kind: "auto" }, kind: "linux", words: "not WSL" },
  ] as const)("without one says why: $words", async ({ source, kind, words }) => {
    expect(await reported(source, kind)).toMatchObject({
      origin: "none",
      snapshot: null,
      reason: expect.stringContaining(words),
    });
  });
});
