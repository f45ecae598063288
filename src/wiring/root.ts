// Who keeps root under sudo, and for how long: what reads packets or files of others gives it up before the first byte.

import type { Wiring } from "./wiring.ts";

/** Send, and read what comes back: a helper process does the little that still needs root. */
const PROBING = new Set(["path", "mtu", "dns", "env", "drops", "watch"]);
/** Read files, and need root for nothing. */
const READING = new Set(["replay", "report", "diff", "summary", "explain", "causes", "schema"]);
/** They build or enter namespaces, or have a package open sockets by itself; what is started inside a namespace gives root up. */
const KEEPING = ["--lab", "--netns", "--engine"];

/**
 * `run` starts a program as it was typed, `inbound` may have to listen below port 1024, `fix` changes this machine, `lab` builds namespaces: these keep root, as root
 * itself does where nobody typed sudo.
 */
export async function giveUpRootFor({ own, home }: Wiring): Promise<void> {
  const [, , command = "", ...options] = own.argv;
  if (own.geteuid?.() !== 0 || own.env.SUDO_UID === undefined) return;
  if (isNamed(options, KEEPING) || !(PROBING.has(command) || READING.has(command))) return;
  const { giveUpRoot, helperOf } = await import("../../probes/privileged/give-up.ts");
  const { sudoUser } = await import("../../probes/privileged/sudo-user.ts");
  const user = sudoUser(own);
  const helper = helperOf(home);
  if (user === null || helper === null) return;
  await giveUpRoot(own, user, PROBING.has(command) ? helper : null);
}

function isNamed(options: readonly string[], names: readonly string[]): boolean {
  return options.some((option) =>
    names.some((name) => option === name || option.startsWith(`${name}=`)),
  );
}
