// Runs the lab without root, in a user namespace of its own, where the kernel allows one.

import { dirname } from "node:path";
import { CANNOT_RUN, LabError } from "./error.ts";
import type { LabSystem } from "./lab-system.ts";
import type { Command } from "./network/namespace.ts";

/** The command that runs argv as root of new user, network and mount namespaces. */
export function rootlessCommand(argv: readonly string[]): Command {
  return {
    file: "unshare",
    args: ["--user", "--map-root-user", "--net", "--mount", "--", ...argv],
  };
}

const RUN = "/run";
const RESOLV_CONF = "/etc/resolv.conf";
// Fixed text. The real /run belongs to the real root: `ip netns` needs one that is ours.
const OWN_RUN = `mount -t tmpfs -o mode=755 tmpfs ${RUN}`;

/** To be called once inside, before any lab is built. */
export async function prepareRootless(system: LabSystem): Promise<void> {
  const target = await system.realPath(RESOLV_CONF);
  const { exitCode, stderr } = await system.run("sh", ["-c", OWN_RUN]);
  if (exitCode !== 0) {
    throw new LabError(
      "lab-rootless",
      `the lab cannot run without root here (${stderr.trim()}): run it with sudo`,
      CANNOT_RUN,
    );
  }
  // Where resolv.conf is a link to below /run, its target has just been hidden.
  if (target !== null && dirname(target).startsWith(`${RUN}/`)) await system.makeFile(target);
}
