// Where compiled code may be kept: in a folder that nobody else can have filled.

import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import * as module from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keepCompiled } from "../../../src/wiring/compile-cache.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "wsl-trace-home-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const own = process.geteuid?.() ?? 0;
const user = (env: Readonly<Record<string, string>>, uid = own) => ({ env, geteuid: () => uid });
/** Root keeps nothing, and Node 20 cannot. */
const isKept = own !== 0 && "enableCompileCache" in module;

describe("compiled code", () => {
  it("is kept in the user's own cache folder where Node can", () => {
    const folder = keepCompiled(user({ HOME: home }));
    expect(folder).toBe(isKept ? join(home, ".cache/wsl-trace/compiled") : null);
    expect(existsSync(join(home, ".cache"))).toBe(isKept);
  });

  it("is not kept by root, for another user, or without a home", () => {
    expect(keepCompiled(user({ HOME: home }, 0))).toBeNull();
    expect(keepCompiled(user({ HOME: home }, own + 1))).toBeNull();
    expect(keepCompiled(user({}))).toBeNull();
    expect(keepCompiled(user({ HOME: "relative", XDG_CACHE_HOME: "relative" }))).toBeNull();
  });

  it.each([".cache", ".cache/wsl-trace", ".cache/wsl-trace/compiled"])(
    "is not kept where others may write to %s",
    (part) => {
      mkdirSync(join(home, ".cache/wsl-trace/compiled"), { recursive: true });
      chmodSync(join(home, part), 0o777);
      expect(keepCompiled(user({ HOME: home }))).toBeNull();
    },
  );
});
