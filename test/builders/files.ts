// A machine made of files and of what programs print, for what reads a distro.

import type { System } from "../../probes/system.ts";

export interface FakeMachine {
  /** Texts by path; a folder is there when a file below it is. */
  readonly files?: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
  /** Standard output by "program argument"; others are not there. */
  readonly programs?: Readonly<Record<string, string>>;
}

export function systemOf({ files = {}, links = {}, programs = {} }: FakeMachine): System {
  const absent = (path: string) => Promise.reject(new Error(`ENOENT: no such file, '${path}'`));
  return {
    run: async (file, args) => {
      const stdout = programs[[file, ...args].join(" ")];
      return stdout === undefined
        ? { exitCode: -1, stdout: "", stderr: "ENOENT" }
        : { exitCode: 0, stdout, stderr: "" };
    },
    readText: async (path) => files[path] ?? absent(path),
    readLink: async (path) => links[path] ?? absent(path),
    listDirectory: async (path) => {
      const below = Object.keys(files).filter((file) => file.startsWith(`${path}/`));
      if (below.length === 0) return absent(path);
      return [...new Set(below.map((file) => file.slice(path.length + 1).split("/")[0] ?? ""))];
    },
  };
}
