// Lets the tests run where every user can read the checkout, though it lies in a folder like /root.

import { statSync } from "node:fs";
import { dirname } from "node:path";

const OTHERS_MAY_ENTER = 0o001;

/** The innermost folder above `path` that only some users may enter; null when there is none. */
export function closedFolder(path, modeOf = (folder) => statSync(folder).mode) {
  if ((modeOf(path) & OTHERS_MAY_ENTER) === 0) return path;
  const parent = dirname(path);
  return parent === path ? null : closedFolder(parent, modeOf);
}

// Only the command sees the mount, and it goes with the command.
const MOUNT_AND_RUN = 'mount --bind "$1" "$2" && cd "$2" && shift 2 && exec "$@"';

/** The command, run as root with the checkout mounted on `folder`. */
export function inOpenCheckout(root, folder, command) {
  const shell = ["sh", "-c", MOUNT_AND_RUN, "sh", root, folder, ...command];
  return ["unshare", "--mount", "--propagation", "private", "--", ...shell];
}
