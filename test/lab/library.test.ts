// The library as it is published: its declarations, the example of docs/library.md under a user's compiler, and what its functions give.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type * as published from "../../src/index.ts";
import type { Report } from "../../src/schema/report.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const DOCUMENT = readFileSync(join(root, "docs/library.md"), "utf8");
const EXAMPLE = /<!-- example -->\n```ts\n(.*?)```/s.exec(DOCUMENT)?.[1] ?? "";
const RECORDING = join(root, "test/recordings/answers-by-another-interface.user");

/** That the declarations and the sources say the same: what one gives, the other takes. */
const ALIKE = `
import * as published from "wsl-trace";
import type * as own from "${root}src/index.ts";
type Writable<T> = T extends (...args: infer A) => infer R
  ? (...args: { [K in keyof A]: Writable<A[K]> }) => Writable<R>
  : T extends AbortSignal ? T
  : T extends Promise<infer P> ? Promise<Writable<P>>
  : T extends object ? { -readonly [K in keyof T]: Writable<T[K]> } : T;
export const report = (from: Writable<own.Report>): published.Report => from;
export const back = (from: published.Report): Writable<own.Report> => from;
type Functions = Omit<typeof published, "TraceError">;
type OwnFunctions = Omit<typeof own, "TraceError">;
declare const theirs: Writable<Functions>;
declare const ours: Writable<OwnFunctions>;
export const same: Writable<OwnFunctions> = theirs;
export const again: Writable<Functions> = ours;
export const options = (from: own.TraceOptions): published.TraceOptions => from;
`;

describe("the library", () => {
  let project: string;
  let server: Server;
  let address: string;
  let library: typeof published;
  beforeAll(async () => {
    project = mkdtempSync(join(tmpdir(), "wsl-trace-library-"));
    mkdirSync(join(project, "node_modules"));
    symlinkSync(root, join(project, "node_modules/wsl-trace"));
    writeFileSync(join(project, "package.json"), '{ "type": "module" }');
    server = createServer((_, answer) => answer.end("hello\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const bound = server.address();
    address = `http://127.0.0.1:${typeof bound === "object" ? bound?.port : ""}/`;
    library = await import(join(root, "dist/index.js"));
  });
  afterAll(() => {
    server.close();
    rmSync(project, { recursive: true, force: true });
  });

  async function compiled(name: string, source: string, options: readonly string[]) {
    const file = join(project, name);
    writeFileSync(file, source);
    const strict = ["--ignoreConfig", "--strict", "--module", "nodenext", "--target", "es2022"];
    const types = ["--types", "node", "--typeRoots", join(root, "node_modules/@types")];
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const args = [tsc, ...strict, ...types, ...options, file];
    const run = await execa(process.execPath, args, { reject: false, cwd: project });
    // The project's own sources are compiled with options of their own.
    expect(run.stdout.split("\n").filter((line) => line.startsWith(name))).toEqual([]);
    return file.replace(/ts$/, "js");
  }

  it("has declarations that say what the sources say", async () => {
    const sources = ["--noEmit", "--allowImportingTsExtensions", "--skipLibCheck"];
    await compiled("alike.ts", ALIKE, [...sources, "--lib", "es2023", "--jsx", "react-jsx"]);
  });

  it("runs the documented example, compiled by tsc --strict with no check left out", async () => {
    const program = await compiled("example.ts", EXAMPLE, ["--skipLibCheck", "false"]);
    const run = await execa(process.execPath, [program, address], { cwd: project });
    const [first, ...rest] = run.stdout.split("\n");
    expect(first).toMatch(/^so far: /);
    expect(rest.join("\n")).toContain(`${address}: healthy, `);
    const report: Report = JSON.parse(readFileSync(join(project, "report.json"), "utf8"));
    expect(report).toMatchObject({ schema: "wsl-trace.report/1", redaction: { applied: true } });
    const wrong = await execa(process.execPath, [program, "http://a b/"], { cwd: project });
    expect(wrong.stderr).toMatch(/^bad-url "http:\/\/a b\/" is no URL/);
  });

  it("replays a recording to the report that the command line prints", async () => {
    const recording = gunzipSync(readFileSync(`${RECORDING}.ndjson.gz`)).toString();
    const report = library.replay(recording);
    const file = join(project, "run.ndjson");
    writeFileSync(file, recording);
    const cli = await execa(
      process.execPath,
      [join(root, "dist/cli.js"), "replay", file, "--json"],
      { reject: false },
    );
    const printed: Report = JSON.parse(cli.stdout);
    expect(library.redact(report)).toEqual(printed);
    const { chain, findings, notChecked, pmtu, reason, stages, verdict } = report;
    const diagnosis = { chain, findings, notChecked, pmtu, reason, stages, verdict };
    expect(library.diagnose(report.events)).toEqual(diagnosis);
  });

  it("names what it cannot take", async () => {
    const options = { flows: 65 };
    await expect(library.trace(address, options)).rejects.toMatchObject({
      code: "bad-option",
      message: expect.stringContaining("flows"),
    });
    expect(() => library.replay("")).toThrow(library.TraceError);
    expect(() => library.diagnose([])).toThrow("the first included");
  });

  it("ends at its signal with what was seen, and by what a listener throws", async () => {
    const aborted = await library.trace(address, {
      signal: AbortSignal.abort(new Error("enough")),
    });
    expect(aborted.events.at(-1)).toMatchObject({ kind: "run-ended", interrupted: "enough" });
    const onEvent = () => {
      throw new Error("the listener");
    };
    await expect(library.trace(address, { onEvent })).rejects.toThrow("the listener");
  });

  it("keeps apart runs that go on at once", async () => {
    const runs = await Promise.all([library.trace(address), library.trace(address)]);
    expect(runs.map(({ verdict }) => verdict)).toEqual(["healthy", "healthy"]);
  });
});
