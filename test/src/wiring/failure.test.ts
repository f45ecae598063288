// What stopped the tool, in a sentence of its own and with what to do next.

import { expect, test } from "vitest";
import { TraceError } from "../../../src/errors.ts";
import { reportFailure } from "../../../src/wiring/failure.ts";

function told(error: unknown, endedEarly: number | null = null) {
  const lines: string[] = [];
  const stderr: Pick<NodeJS.WriteStream, "write"> = {
    write: (text: string | Uint8Array) => lines.push(String(text)) > 0,
  };
  const code = reportFailure(
    error,
    { argv: ["node", "wsl-trace"], stderr: Object.assign(Object.create(process.stderr), stderr) },
    endedEarly,
  );
  return { code, text: lines.join("") };
}

const refused = (code: string) => Object.assign(new Error(`${code}: refused`), { code });
const SHOULD_NOT = "this should not happen";

test.each([
  ["ENOSPC", "no-space"],
  ["EDQUOT", "no-space"],
  ["EROFS", "read-only"],
  ["EMFILE", "few-files"],
  ["EPERM", "refused"],
  ["ENOSYS", "refused"],
  ["ENOMEM", "no-resources"],
  ["ENOENT", "missing"],
  ["EPIPE", "output-gone"],
  ["ERR_MODULE_NOT_FOUND", "installation"],
])("%s has its own advice, with the code %s", (code, stable) => {
  const said = told(refused(code));
  expect(said.code).toBe(3);
  expect(said.text).toContain(`(${stable})\n`);
  expect(said.text).not.toContain(SHOULD_NOT);
  expect(told(new Error("wrapped", { cause: refused(code) })).text).toContain(`(${stable})\n`);
});

test.each(["ENOENT: no such file or directory, uv_cwd", "The current directory does not exist."])(
  "a working folder that is gone is named: %s",
  (message) => {
    expect(told(Object.assign(new Error(message), { code: "ENOENT" })).text).toContain(
      "(folder-gone)",
    );
  },
);

test("what a signal cut short ends with the code of the signal, in silence", () => {
  expect(told(new Error("SIGINT"), 130)).toEqual({ code: 130, text: "" });
  expect(told(new DOMException("aborted", "AbortError"), 143)).toEqual({ code: 143, text: "" });
  expect(told(new Error("SIGINT")).text).toContain(SHOULD_NOT);
});

test("a failure of another kind is told although a signal came", () => {
  expect(told(new TypeError("x is not a function"), 130).text).toContain(SHOULD_NOT);
  expect(told(new TraceError("config", "the settings are wrong"), 130).text).toContain("settings");
});
