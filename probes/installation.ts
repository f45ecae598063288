// What this installation consists of: the native part, the optional package, and the programs that are started at times.

import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { messageOf } from "../src/errors.ts";
import type { Installation, InstalledProgram } from "../src/schema/installation.ts";

type Own = Pick<NodeJS.Process, "env" | "version" | "execPath" | "platform" | "arch" | "report">;

const LAB = "the built-in lab";
const PROGRAMS = [
  ["ip", "iproute2", "routing tables beside main"],
  ["getent", "libc-bin", "how the C library resolves a name, as a second witness"],
  ["ssh", "openssh-client", "what ~/.ssh/config makes of an ssh target"],
  ["nft", "nftables", LAB],
  ["ethtool", "ethtool", LAB],
  ["unshare", "util-linux", LAB],
] as const;

/**
 * @param own this process: its PATH is searched, and Node is asked for its C library
 * @param hasRawSocketPackage whether the optional package is there
 * @param importKoffi throws, with the loader's error as its cause, where it cannot be loaded
 */
export async function inspectInstallation(
  version: string,
  own: Own,
  hasRawSocketPackage: boolean,
  importKoffi: () => Promise<unknown>,
): Promise<Installation> {
  const folders = (own.env.PATH ?? "").split(":");
  const programs = PROGRAMS.map(async ([name, debian, without]): Promise<InstalledProgram> => {
    const path = await findProgram(name, folders);
    return { name, path, without, install: `sudo apt-get install ${debian}` };
  });
  return {
    version,
    node: own.version,
    execPath: withoutHome(own),
    platform: `${own.platform} ${own.arch}`,
    glibc: glibcVersion(own),
    koffiProblem: await koffiProblem(importKoffi),
    hasRawSocketPackage,
    programs: await Promise.all(programs),
  };
}

/** What the loader said, without the folder, which may have its owner's name. */
async function koffiProblem(importKoffi: () => Promise<unknown>): Promise<string | null> {
  const problem = await importKoffi().then(
    () => null,
    ({ cause }) => messageOf(cause),
  );
  return problem?.replace(/^\/.*\/(?=[^/]*\.node\b)/, "") ?? null;
}

async function findProgram(name: string, folders: readonly string[]): Promise<string | null> {
  for (const folder of folders) {
    const file = join(folder, name);
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return file;
  }
  return null;
}

/** The part that is read of Node's diagnostic report (https://nodejs.org/api/report.html). */
const ownReport = z.object({ header: z.object({ glibcVersionRuntime: z.string() }) });

/** Null with another C library. */
function glibcVersion({ report }: Own): string | null {
  const parsed = ownReport.safeParse(report?.getReport());
  return parsed.success ? parsed.data.header.glibcVersionRuntime : null;
}

/** A home folder has its owner's name. */
function withoutHome({ execPath, env: { HOME = "" } }: Own): string {
  return HOME.length > 1 && execPath.startsWith(`${HOME}/`)
    ? `~${execPath.slice(HOME.length)}`
    : execPath;
}
