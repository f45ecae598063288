// The settings file as arguments, and what it says of what it does not know.

import { describe, expect, it } from "vitest";
import { configuredOptions } from "../../../src/wiring/config.ts";

const OPTIONS = [
  { long: "--theme", required: true, optional: false },
  { long: "--timeout", required: true, optional: false },
  { long: "--flows", required: true, optional: false },
  { long: "--no-names", required: false, optional: false },
];

const read = (text: string) => configuredOptions(text, "/home/me/config.toml", OPTIONS);

describe("a settings file", () => {
  it("gives its options by their long names", () => {
    const text = '# mine\ntheme = "light"\ntimeout = "5s"\nflows = 4\nno-names = true\n';
    expect(read(text)).toEqual([
      "--theme",
      "light",
      "--timeout",
      "5s",
      "--flows",
      "4",
      "--no-names",
    ]);
  });

  it("leaves out what is false, and may be empty", () => {
    expect(read("no-names = false\n")).toEqual([]);
    expect(read("")).toEqual([]);
  });

  it.each([
    [
      "a value for a switch",
      'flows = 4\nno-names = "now"\n',
      '2: "no-names" is either true or false',
    ],
    [
      "a key that is no option",
      'theme = "dark"\n\ncolour = 1\n',
      'config.toml:3: there is no setting "colour"',
    ],
    ["a table", '[path]\ntheme = "dark"\n', 'config.toml:1: there is no setting "path"'],
    [
      "an option without the value that it needs",
      "timeout = true\n",
      'config.toml:1: "timeout" needs a value',
    ],
    ["a list", "\nflows = [1]\n", 'config.toml:2: "flows" is neither'],
    ["what is no TOML", 'theme = "dark"\nflows =\n', "config.toml:2: "],
  ])("names the line of %s", (_, text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
