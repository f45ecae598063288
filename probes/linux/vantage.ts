// Whether this is WSL1, WSL2, a container inside WSL or plain Linux, and how it is set up.

import os from "node:os";
import type { ProbeContext } from "../../src/probe.ts";
import type { GuestRoute, NetworkInterface, Vantage } from "../../src/schema/events/guest.ts";
import type { System } from "../system.ts";
import { interopState, readWslConf } from "./interop.ts";
import { askWslinfo, type Mode, modeByMarks } from "./networking-mode.ts";

type Detected = Omit<Vantage, "kind">;

/** What was read before: the signatures of a networking mode are in it. */
export interface GuestLinks {
  readonly interfaces: readonly NetworkInterface[];
  readonly routes: readonly GuestRoute[];
  /** The text of `ip rule`; absent where there is none. */
  readonly rules?: string;
}

/** Those that were reported; empty where they could not be read. */
export function linksOf({ path }: ProbeContext): GuestLinks {
  const { interfaces, routes } = path();
  return { interfaces: interfaces?.interfaces ?? [], routes: routes?.routes ?? [] };
}

/**
 * In the order of Microsoft's own test (microsoft/WSL, src/linux/init/util.cpp): a kernel whose release has
 * "Microsoft" with a capital M is WSL1's emulation; WSL's handler for Windows programs or its folder /run/WSL is
 * WSL2, whatever kernel somebody built; a kernel of Microsoft without either is a container or chroot inside WSL.
 * @param release the kernel's release, as uname -r prints it
 */
export async function detectVantage(
  system: System,
  links: GuestLinks,
  release: string = os.release(),
): Promise<Detected> {
  if (/Microsoft/.test(release)) {
    const mode = { networkingMode: "wsl1", modeBasis: "the kernel's release" };
    const basis = "the kernel's release";
    return { vantage: "wsl1", kernel: release, basis, ...mode, ...(await wslSetUp(system)) };
  }
  const interop = await interopState(system);
  const runtime = await isFolder(system, "/run/WSL");
  const container = await containerMark(system);
  // The handlers are the kernel's, so a container with many rights sees them too.
  const handler = interop.handler === "registered" || interop.handler === "switched-off";
  if (runtime || (handler && container === null)) {
    return {
      vantage: "wsl2",
      kernel: release,
      basis: runtime ? "/run/WSL is there" : "WSLInterop is registered",
      ...(await networkingMode(system, links)),
      ...(await wslSetUp(system)),
      ...(await upTime(system)),
    };
  }
  const inside = handler || /microsoft/.test(release);
  const sign = container === null ? "" : `, ${container}`;
  const basis = inside
    ? `a WSL kernel without WSL's runtime: a container or chroot inside WSL${sign}`
    : "no mark of WSL";
  return { vantage: "linux", networkingMode: null, kernel: release, basis, containerInWsl: inside };
}

async function networkingMode(system: System, links: GuestLinks): Promise<Mode> {
  const reported = await askWslinfo(system, "--networking-mode");
  if (reported !== null) return { networkingMode: reported, modeBasis: "wslinfo" };
  const names = links.interfaces.map(({ name }) => name);
  const drivers = await Promise.all(
    names.map(async (name): Promise<[string, string]> => {
      const path = `/sys/class/net/${name}/device/driver`;
      return [name, await system.readLink(path).catch(() => "")];
    }),
  );
  return modeByMarks({ ...links, drivers: new Map(drivers), rules: links.rules ?? "" });
}

/** WSL's release, its interop, and its settings. */
async function wslSetUp(system: System) {
  const [wslVersion, { handler, drives, offByConfiguration }, settings] = await Promise.all([
    askWslinfo(system, "--wsl-version"),
    interopState(system),
    readWslConf(system),
  ]);
  return {
    wslVersion,
    interop: { handler, offByConfiguration, drives: drives.map(({ mountPoint }) => mountPoint) },
    wslConf: settings === null ? null : Object.fromEntries(settings),
  };
}

/** proc_uptime(5): its first number. */
async function upTime(system: System): Promise<Pick<Detected, "upSeconds">> {
  const [up = ""] = (await system.readText("/proc/uptime").catch(() => "")).split(" ");
  return /^\d+(\.\d+)?$/.test(up) ? { upSeconds: Math.floor(Number(up)) } : {};
}

/** What shows that this is a container: the files that Docker and Podman make, or what the manager states itself. */
async function containerMark(system: System): Promise<string | null> {
  for (const file of ["/.dockerenv", "/run/.containerenv"]) {
    const found = await system.readText(file).catch(() => null);
    if (found !== null) return `${file} is there`;
  }
  const manager = await system.readText("/run/systemd/container").catch(() => "");
  // systemd writes "wsl" there for WSL itself.
  return manager === "" || manager.trim() === "wsl" ? null : `a container of ${manager.trim()}`;
}

function isFolder(system: System, path: string): Promise<boolean> {
  return system.listDirectory(path).then(
    () => true,
    () => false,
  );
}
