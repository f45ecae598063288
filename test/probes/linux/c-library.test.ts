// The C library by the loader that the shell names.

import { expect, test } from "vitest";
import { readCLibrary } from "../../../probes/linux/c-library.ts";
import { parseResolvConf } from "../../../probes/linux/resolv-conf.ts";
import { realSystem } from "../../../probes/system.ts";
import { searchNames } from "../../../src/facts/dns/search-names.ts";

const shell = (text: string) => ({ ...realSystem, readText: async () => text });

test.each([
  { what: "Debian's", text: "\u007fELF /lib64/ld-linux-x86-64.so.2 libc.so.6", libc: "glibc" },
  { what: "Debian's on ARM", text: "\u007fELF /lib/ld-linux-aarch64.so.1", libc: "glibc" },
  { what: "Alpine's", text: "\u007fELF /lib/ld-musl-x86_64.so.1", libc: "musl" },
  { what: "a static one", text: "\u007fELF", libc: null },
])("$what is $libc", async ({ text, libc }) => {
  expect(await readCLibrary(shell(text))).toBe(libc);
});

test("a shell that cannot be read shows none", async () => {
  const system = { ...realSystem, readText: () => Promise.reject(new Error("EACCES")) };
  expect(await readCLibrary(system)).toBeNull();
});

test("musl knows three options, and leaves the search list out behind dots enough", () => {
  const text = "options use-vc rotate edns0 single-request no-aaaa timeout:3 attempts:4 ndots:2\n";
  const file = parseResolvConf(text, "musl");
  expect(file.options).toEqual({ useVc: false, rotate: false, timeoutSeconds: 3, attempts: 1 });
  expect(file.ndots).toBe(2);
  expect(searchNames("www.example", ["corp.test"], 1, "musl")).toEqual(["www.example"]);
  expect(searchNames("www", ["corp.test"], 1, "musl")).toEqual(["www.corp.test", "www"]);
});
