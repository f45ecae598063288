// Shell scripts that stand in for Windows programs, in a folder of their own that is the whole PATH.

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { realSystem, type System } from "../../probes/system.ts";
import { collectHost, type HostAnswer } from "../../probes/windows/host.ts";
import type { HostQuestion } from "../../probes/windows/questions.ts";
import { createRunBounded } from "../../probes/windows/run-bounded.ts";
import type { WindowsDeps } from "../../probes/windows/windows-deps.ts";
import { systemClock } from "../../src/clock.ts";

export interface FakeWindows {
  readonly folder: string;
  /** The debug lines of the last question. */
  readonly lines: readonly string[];
  ask(questions?: readonly HostQuestion[], more?: Partial<WindowsDeps>): Promise<HostAnswer>;
  /** A file that a script wrote beside itself. */
  read(name: string): string;
  remove(): void;
}

/** Files that WSL would have; everything else of /proc and /run/WSL is not there. */
export type FakeFiles = Readonly<Record<string, string>>;

/** @param programs the body of each program as a shell script, by its name */
export function fakeWindows(
  programs: Readonly<Record<string, string>>,
  files: FakeFiles = {},
): FakeWindows {
  const folder = mkdtempSync(join(tmpdir(), "wsl-trace-windows-"));
  for (const [name, body] of Object.entries(programs)) {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\nhere='${folder}'\n${body}\n`);
    chmodSync(file, 0o755);
  }
  const lines: string[] = [];
  return {
    folder,
    lines,
    ask: (questions = [], more = {}) => {
      lines.length = 0;
      const deps: WindowsDeps = {
        system: systemWith(files),
        run: createRunBounded(systemClock),
        readScript: async () => "'a script'",
        searchPath: folder,
        // A busy machine is no host that hangs.
        timeoutMs: 60_000,
        debug: (line) => lines.push(line),
        ...more,
      };
      return collectHost(deps, questions, new AbortController().signal);
    },
    read: (name) => readFileSync(join(folder, name), "utf8"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const WSL_FOLDERS = ["/proc/sys/fs/binfmt_misc", "/run/WSL", "/etc/wsl.conf", "/proc/mounts"];

export function systemWith(files: FakeFiles): System {
  const absent = (path: string) => Promise.reject(new Error(`ENOENT: ${path}`));
  const isFaked = (path: string) => WSL_FOLDERS.some((folder) => path.startsWith(folder));
  return {
    ...realSystem,
    readText: async (path) =>
      files[path] ?? (isFaked(path) ? absent(path) : realSystem.readText(path)),
    listDirectory: async (path) => {
      const names = Object.keys(files)
        .filter((file) => file.startsWith(`${path}/`))
        .map((file) => file.slice(path.length + 1).split("/")[0] ?? "");
      if (names.length > 0) return [...new Set(names)];
      return isFaked(path) ? absent(path) : realSystem.listDirectory(path);
    },
  };
}
