// The proxies that git and apt have in files of their own: read, and nothing is sent.

import type { Probe } from "../../src/probe.ts";
import type { ProgramProxy } from "../../src/schema/events/web.ts";
import type { System } from "../system.ts";
import { type ProxySetting, readAptConf, readGitConfig } from "./program-files.ts";

/** In the order in which git reads them: a later one replaces an earlier one (git-config(1)). */
const GIT_FILES = ["/etc/gitconfig", "~/.config/git/config", "~/.gitconfig"] as const;
const APT_FOLDER = "/etc/apt/apt.conf.d";
/** apt reads the folder in the order of its names, then the file (apt.conf(5)). */
const APT_FILE = "/etc/apt/apt.conf";

/** @param home of the user whose programs they are */
export function createProgramSettingsProbe(system: System, home: string): Probe {
  return async ({ emit }) => {
    // Reported with the tilde: whose files they are is nobody's business.
    const read = (file: string) => system.readText(file.replace(/^~/, () => home)).catch(() => "");
    const git = await Promise.all(
      GIT_FILES.map(async (where) =>
        readGitConfig(await read(where)).map((one) => settingOf("git", where, one)),
      ),
    );
    const names = await system.listDirectory(APT_FOLDER).catch(() => []);
    const aptFiles = [...names.toSorted().map((name) => `${APT_FOLDER}/${name}`), APT_FILE];
    const apt = await Promise.all(
      aptFiles.map(async (where) =>
        readAptConf(await read(where)).map((one) => settingOf("apt", where, one)),
      ),
    );
    for (const one of [...git.flat(), ...apt.flat()]) emit({ kind: "program-proxy", ...one });
  };
}

type Setting = Omit<ProgramProxy, "kind">;

/** Names and passwords are left out; what cannot be read is not repeated either. */
function settingOf(
  program: Setting["program"],
  where: string,
  { setting, value }: ProxySetting,
): Setting {
  const isNone = value === "" || value.toUpperCase() === "DIRECT";
  return { program, where, setting, proxy: isNone ? null : withoutLogin(value) };
}

function withoutLogin(value: string): string {
  const full = value.includes("://") ? value : `http://${value}`;
  if (!URL.canParse(full)) return "a proxy that cannot be read";
  const { protocol, host } = new URL(full);
  return `${protocol}//${host}`;
}
