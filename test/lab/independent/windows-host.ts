// A Windows host for a test's network: the shipped PowerShell scripts, run by the real engine in the host's namespace.

import { chmodSync, mkdirSync } from "node:fs";
import path from "node:path";
import { ENGINE } from "../../builders/engine.ts";
import type { Net } from "./net.ts";
import type { createFolder } from "./tool.ts";

const HOST = new URL("./windows-host.mjs", import.meta.url).pathname;
const RELAY = new URL("./windows-relay.mjs", import.meta.url).pathname;

/**
 * @param nameServer the server of Windows' resolver
 * @returns the PATH under which the tool finds its powershell.exe
 */
export async function startWindows(
  net: Net,
  host: string,
  folder: ReturnType<typeof createFolder>,
  nameServer = "127.0.0.1",
): Promise<string> {
  const name = `windows-${net.name(host)}`;
  const socket = path.join(folder.path, `${name}.sock`);
  await net.serve(host, process.execPath, HOST, socket, ENGINE ?? "pwsh", nameServer);
  const bin = path.join(folder.path, name);
  mkdirSync(bin, { recursive: true });
  const file = folder.file(
    `${name}/powershell.exe`,
    `#!/bin/sh\nexec '${process.execPath}' '${RELAY}' '${socket}' "$@"\n`,
  );
  chmodSync(file, 0o755);
  return `${bin}:/usr/sbin:/usr/bin:/sbin:/bin`;
}
