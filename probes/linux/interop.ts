// Whether Windows programs can be started from here, read without starting one.

import { parseSettings, type Settings, switchOf } from "../../src/host/ini.ts";
import type { System } from "../system.ts";
import { type WindowsDrive, windowsDrives } from "./drives.ts";

export interface InteropState {
  /** How binfmt_misc stands to Windows programs; "unreadable" when the folder cannot be listed. */
  readonly handler: "registered" | "switched-off" | "missing" | "unreadable";
  /** [interop] enabled = false in /etc/wsl.conf. */
  readonly offByConfiguration: boolean;
  readonly drives: readonly WindowsDrive[];
  /** Sockets below /run/WSL by which Windows programs are started, the likeliest first. */
  readonly sockets: readonly string[];
}

const WSL_CONF = "/etc/wsl.conf";
const BINFMT = "/proc/sys/fs/binfmt_misc";
/** Under systemd WSL registers it again under the second name (microsoft/WSL 8843). */
const HANDLERS = ["WSLInterop", "WSLInterop-late"];
const SOCKETS = "/run/WSL";

/** What shows it: microsoft/WSL issues 8843, 6799 and 4148, and src/linux/init. */
export async function interopState(system: System): Promise<InteropState> {
  const settings = await readWslConf(system);
  return {
    handler: await handlerState(system),
    offByConfiguration: settings !== null && switchOf(settings, "interop.enabled") === false,
    drives: windowsDrives(await system.readText("/proc/mounts").catch(() => "")),
    sockets: await interopSockets(system),
  };
}

/** The settings of /etc/wsl.conf; null when there is no such file. */
export function readWslConf(system: System): Promise<Settings | null> {
  return system.readText(WSL_CONF).then(parseSettings, () => null);
}

async function handlerState(system: System): Promise<InteropState["handler"]> {
  const names = await system.listDirectory(BINFMT).catch(() => null);
  const texts = await Promise.all(
    HANDLERS.map((name) => system.readText(`${BINFMT}/${name}`).catch(() => null)),
  );
  const known = texts.filter((text) => text !== null);
  if (known.some((text) => !/^disabled/.test(text))) return "registered";
  if (known.length > 0) return "switched-off";
  return names === null ? "unreadable" : "missing";
}

/** A session's socket is named after its process; 1_interop is that of the distro's first process. */
async function interopSockets(system: System): Promise<readonly string[]> {
  const names = await system.listDirectory(SOCKETS).catch(() => []);
  const sockets = names.flatMap((name) => {
    const pid = /^(\d+)_interop$/.exec(name)?.[1];
    return pid === undefined ? [] : [{ path: `${SOCKETS}/${name}`, pid: Number(pid) }];
  });
  const alive = await Promise.all(
    sockets.map(({ pid }) =>
      system.listDirectory(`/proc/${pid}`).then(
        () => true,
        () => false,
      ),
    ),
  );
  return sockets
    .map((socket, index) => ({ ...socket, alive: alive[index] === true }))
    .sort((a, b) => rank(b) - rank(a) || b.pid - a.pid)
    .map(({ path }) => path);
}

/** Live sessions first, the newest before the others; the first process's own last of the live ones. */
function rank({ pid, alive }: { readonly pid: number; readonly alive: boolean }): number {
  if (!alive) return 0;
  return pid === 1 ? 1 : 2;
}
