// Which Debian packages the lab needs, and which of them are not there.

import type { LabSystem } from "./lab-system.ts";

/** A program of each, and the package that brings it. */
const NEEDED: readonly (readonly [string, string])[] = [
  ["ip", "iproute2"],
  ["nft", "nftables"],
  ["ethtool", "ethtool"],
  ["nsenter", "util-linux"],
  ["unshare", "util-linux"],
  ["mount", "mount"],
];

/** Names for `apt-get install`; wireguard-go is not among them, the lab works without. */
export async function missingPackages(system: LabSystem): Promise<readonly string[]> {
  const checked = await Promise.all(
    NEEDED.map(async ([program, name]) => {
      const { exitCode } = await system.run("sh", ["-c", 'command -v "$1"', "sh", program]);
      return exitCode === 0 ? [] : [name];
    }),
  );
  return [...new Set(checked.flat())];
}
