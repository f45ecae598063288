// The distribution by os-release(5): quoted or not, in either place, and none where nothing names one.

import { expect, it } from "vitest";
import { readDistribution } from "../../../probes/linux/distribution.ts";
import { realSystem } from "../../../probes/system.ts";

function reads(files: Readonly<Record<string, string>>) {
  const readText = async (path: string) => {
    const text = files[path];
    if (text === undefined) throw new Error("ENOENT");
    return text;
  };
  return readDistribution({ ...realSystem, readText });
}

const UBUNTU = 'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nVERSION_ID="24.04"\nID=ubuntu\nID_LIKE=debian\n';

it.each([
  ["quoted, beside keys that look alike", { "/etc/os-release": UBUNTU }, "ubuntu 24.04"],
  ["a rolling one has no version", { "/etc/os-release": "ID=arch\r\n" }, "arch"],
  [
    "in single quotes",
    { "/etc/os-release": "ID='opensuse-leap'\nVERSION_ID='15.6'\n" },
    "opensuse-leap 15.6",
  ],
  ["in the other place", { "/usr/lib/os-release": "ID=debian\nVERSION_ID=12\n" }, "debian 12"],
  ["what is more than a value is none", { "/etc/os-release": 'ID="$(id) x"\n' }, null],
  ["nowhere", {}, null],
])("%s", async (_, files, expected) => {
  expect(await reads(files)).toBe(expected);
});
