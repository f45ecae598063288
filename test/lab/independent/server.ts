// The web server of a test's network: its certificates, big or small, and where it listens.

import { makeCertificate } from "./certificate.ts";
import type { Net } from "./net.ts";
import { OFFICE } from "./office.ts";
import type { createFolder } from "./tool.ts";

export interface ServerFiles {
  readonly key: string;
  readonly certificate: string;
  readonly ca: string;
}

const SERVER = new URL("./tls-server.mjs", import.meta.url).pathname;

/** @param names how many names the certificate holds beside its own: 90 make a flight of several kB */
export async function makeServerFiles(
  folder: ReturnType<typeof createFolder>,
  prefix: string,
  names: number,
  addresses: readonly string[] = [OFFICE.site4, OFFICE.site6],
): Promise<ServerFiles> {
  const made = await makeCertificate("web.example.test", [...addresses], names);
  return {
    key: folder.file(`${prefix}.key`, made.key),
    certificate: folder.file(`${prefix}.pem`, made.certificate),
    ca: folder.file(`${prefix}-ca.pem`, made.ca),
  };
}

/** Serves HTTPS on port 443 of the server until the network is removed. */
export async function startServer(
  net: Net,
  files: Pick<ServerFiles, "key" | "certificate">,
  bodyBytes: number,
  altSvc = "",
): Promise<void> {
  const argv = [files.key, files.certificate, "443", String(bodyBytes), altSvc];
  await net.serve("site", process.execPath, SERVER, ...argv);
}
