// The lasting form of changes that a restart would take away, merged into the files that are there.

import { type Change, isTransient } from "./change.ts";
import { formatChange } from "./formatted.ts";
import { mergedSetting } from "./wsl-conf.ts";

const WSL_CONF = "/etc/wsl.conf";
const SYSCTL_FOLDER = "/etc/sysctl.d";
const SYSCTL_FILE = `${SYSCTL_FOLDER}/90-wsl-trace.conf`;
const UNIT_FOLDER = "/etc/systemd/system";
const WANTS_FOLDER = `${UNIT_FOLDER}/multi-user.target.wants`;
const UNIT = `${UNIT_FOLDER}/wsl-trace-fix.service`;
const UNIT_LINK = `${WANTS_FOLDER}/wsl-trace-fix.service`;
const RESOLV_CONF = "/etc/resolv.conf";
const RESOLVED_FOLDER = "/etc/systemd/resolved.conf.d";
const RESOLVED_FILE = `${RESOLVED_FOLDER}/90-wsl-trace.conf`;

/** What decides the form. */
export interface Ground {
  readonly isWsl: boolean;
  readonly hasSystemd: boolean;
  /** What /etc/resolv.conf is a link to; null: it is none. */
  readonly resolvConfLink: string | null;
  /** The text of a file; empty where it is not there. */
  readonly text: (path: string) => string;
}

/** The files that the lasting form is merged into. */
export const LASTING_FILES: readonly string[] = [
  WSL_CONF,
  SYSCTL_FILE,
  UNIT,
  RESOLV_CONF,
  RESOLVED_FILE,
];

/** Changes of files alone, none where the changes last by themselves. */
export function lastingForm(changes: readonly Change[], ground: Ground): readonly Change[] {
  const settings = changes.flatMap((one) => (one.kind === "sysctl" ? [one] : []));
  const commands = changes.flatMap((one) =>
    isTransient(one) && one.kind !== "sysctl" && one.kind !== "flush-cache"
      ? [formatChange(one)]
      : [],
  );
  // Without systemd nothing reads sysctl.d at the start.
  const reading = settings.length > 0 && !ground.hasSystemd ? [`sysctl -q -p ${SYSCTL_FILE}`] : [];
  return [
    ...settingsFile(settings, ground),
    ...atStart([...commands, ...reading], ground),
    ...resolverFiles(changes, ground),
    ...(touches(changes, "/etc/hosts") && ground.isWsl
      ? wslConf(ground, "network", "generateHosts", "false")
      : []),
  ];
}

function settingsFile(
  settings: readonly (Change & { readonly kind: "sysctl" })[],
  { text }: Ground,
): readonly Change[] {
  if (settings.length === 0) return [];
  const kept = text(SYSCTL_FILE)
    .split("\n")
    .filter((line) => line !== "" && !settings.some(({ key }) => line.startsWith(`${key} =`)));
  const lines = [...kept, ...settings.map(({ key, value }) => `${key} = ${value}`)];
  return [folder(SYSCTL_FOLDER), written(SYSCTL_FILE, `${lines.join("\n")}\n`)];
}

function atStart(commands: readonly string[], ground: Ground): readonly Change[] {
  if (commands.length === 0) return [];
  if (ground.hasSystemd) return unit(commands, ground);
  if (!ground.isWsl) return [];
  const merged = commands.reduce(
    (text, command) =>
      mergedSetting(text, "boot", "command", (old) => {
        if (old === null || old === "") return command;
        return old.split("; ").includes(command) ? old : `${old}; ${command}`;
      }),
    ground.text(WSL_CONF),
  );
  return [written(WSL_CONF, merged)];
}

const UNIT_HEAD = `[Unit]
Description=What wsl-trace fix --persist keeps at every start
After=network.target

[Service]
Type=oneshot
`;
const UNIT_TAIL = `
[Install]
WantedBy=multi-user.target
`;

function unit(commands: readonly string[], { text }: Ground): readonly Change[] {
  const old: readonly string[] = text(UNIT).match(/^ExecStart=.*$/gm) ?? [];
  const lines = commands.map((command) => `ExecStart=/usr/bin/env ${command}`);
  const all = [...old, ...lines.filter((line) => !old.includes(line))];
  return [
    written(UNIT, `${UNIT_HEAD}${all.join("\n")}\n${UNIT_TAIL}`),
    folder(WANTS_FOLDER),
    // What `systemctl enable` makes.
    { kind: "link", path: UNIT_LINK, target: UNIT },
  ];
}

function resolverFiles(changes: readonly Change[], ground: Ground): readonly Change[] {
  if (!touches(changes, RESOLV_CONF)) return [];
  const text = ground.text(RESOLV_CONF);
  if (ground.resolvConfLink?.startsWith("/run/systemd/resolve/") === true) {
    const servers = [...text.matchAll(/^nameserver (\S+)$/gm)].map(([, server]) => server);
    return [
      folder(RESOLVED_FOLDER),
      written(RESOLVED_FILE, `[Resolve]\nDNS=${servers.join(" ")}\n`),
    ];
  }
  if (!ground.isWsl) return [];
  const own =
    ground.resolvConfLink === null ? [] : [remove(RESOLV_CONF), written(RESOLV_CONF, text)];
  return [...wslConf(ground, "network", "generateResolvConf", "false"), ...own];
}

function wslConf(ground: Ground, section: string, key: string, value: string): readonly Change[] {
  return [
    written(
      WSL_CONF,
      mergedSetting(ground.text(WSL_CONF), section, key, () => value),
    ),
  ];
}

function touches(changes: readonly Change[], path: string): boolean {
  return changes.some((one) => one.kind === "edit" && one.path === path);
}

function written(path: string, text: string): Change {
  return { kind: "edit", path, edit: { kind: "write", text } };
}

function remove(path: string): Change {
  return { kind: "remove", path };
}

function folder(path: string): Change {
  return { kind: "folder", path };
}
