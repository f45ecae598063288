// Which distribution this is, as os-release(5) has it: its id and version, which name nobody.

import type { System } from "../system.ts";

/** The second is there where the first is a broken link. */
const FILES = ["/etc/os-release", "/usr/lib/os-release"];

/** "ubuntu 24.04", "arch"; null where no file names one. */
export async function readDistribution(system: System): Promise<string | null> {
  for (const file of FILES) {
    const text = await system.readText(file).catch(() => "");
    const id = assigned(text, "ID");
    if (id === null) continue;
    const version = assigned(text, "VERSION_ID");
    return version === null ? id : `${id} ${version}`;
  }
  return null;
}

/** What a shell would assign, for the characters that both fields may have; null for anything else. */
function assigned(text: string, key: string): string | null {
  const [, value = null] =
    new RegExp(`^${key}=["']?([\\w.-]{1,64})["']?\\s*$`, "m").exec(text) ?? [];
  return value;
}
