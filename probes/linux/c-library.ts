// Which C library the distro's programs are linked with: the interpreter that its shell names.

import type { System } from "../system.ts";
import type { CLibrary } from "./resolv-conf.ts";

/** Every distro has it; a foreign loader below /lib, as Debian's package of musl has one, shows nothing. */
const SHELL = "/bin/sh";
/** The names that both give their loaders (PT_INTERP): ld-musl-x86_64.so.1, ld-linux-x86-64.so.2. */
const LOADERS = /ld-(musl|linux)[-.]/;

/** Null where the shell cannot be read or is linked statically. */
export async function readCLibrary(system: System): Promise<CLibrary | null> {
  const shell = await system.readText(SHELL).catch(() => "");
  const [, kind] = LOADERS.exec(shell) ?? [];
  if (kind === undefined) return null;
  return kind === "musl" ? "musl" : "glibc";
}
