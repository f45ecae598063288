// The certificate that the real servers show, made by openssl in the run's folder.

import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type { createFolder } from "../lab/independent/tool.ts";

const exec = promisify(execFile);

export interface Certificate {
  readonly key: string;
  /** The certificate with that of its issuer. */
  readonly chain: string;
}

/** Of RSA with 2048 bits, as most servers have, with an issuer's beside it. */
export async function makeChain(folder: ReturnType<typeof createFolder>): Promise<Certificate> {
  const file = (name: string) => path.join(folder.path, name);
  const openssl = (...args: string[]) => exec("openssl", args);
  const key = ["-newkey", "rsa:2048", "-noenc", "-days", "2"];
  await openssl(
    "req",
    "-x509",
    ...key,
    "-subj",
    "/CN=Test Authority",
    "-keyout",
    file("ca.key"),
    "-out",
    file("ca.pem"),
  );
  const signed = ["-CA", file("ca.pem"), "-CAkey", file("ca.key")];
  const names = [
    "-subj",
    "/CN=server.example.test",
    "-addext",
    "subjectAltName=DNS:server.example.test",
  ];
  await openssl(
    "req",
    "-x509",
    ...key,
    ...names,
    ...signed,
    "-keyout",
    file("server.key"),
    "-out",
    file("leaf.pem"),
  );
  const { stdout } = await exec("cat", [file("leaf.pem"), file("ca.pem")]);
  await exec("chmod", ["644", file("server.key")]);
  return { key: file("server.key"), chain: folder.file("chain.pem", stdout) };
}
