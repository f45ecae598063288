// The user who typed sudo, by sudo(8)'s variable and the system's files.

import { readInputSync } from "../input-file.ts";

export interface SudoUser {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
  readonly home: string;
}

/** Who typed sudo (sudo(8), SUDO_UID); null for root itself, for nobody, and where the system does not know the user. */
export function sudoUser({
  env,
  geteuid,
}: Pick<NodeJS.Process, "env" | "geteuid">): SudoUser | null {
  const uid = env.SUDO_UID ?? "";
  if (geteuid?.() !== 0 || !/^[1-9]\d*$/.test(uid)) return null;
  const row = linesOf("/etc/passwd").find(([, , id]) => id === uid);
  const [name = "", , , gid = "", , home = ""] = row ?? [];
  if (name === "" || home === "" || !/^\d+$/.test(gid)) return null;
  return { uid: Number(uid), gid: Number(gid), name, home };
}

/** Those of group(5) that list the user. */
export function groupsOf(name: string): readonly number[] {
  return linesOf("/etc/group").flatMap(([, , id = "", members = ""]) =>
    members.split(",").includes(name) && /^\d+$/.test(id) ? [Number(id)] : [],
  );
}

function linesOf(path: string): readonly (readonly string[])[] {
  return readInputSync(path)
    .split("\n")
    .map((line) => line.split(":"));
}
