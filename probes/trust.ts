// The certificates that this machine trusts, gathered where a program would look for them.

import tls from "node:tls";
import { TraceError } from "../src/errors.ts";
import type { System } from "./system.ts";

/** Bundles of Debian and Ubuntu, Fedora, Alpine and openSUSE, in this order; the first found counts. */
const SYSTEM_BUNDLES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/cert.pem",
  "/etc/ssl/ca-bundle.pem",
] as const;

export interface TrustInput {
  /** Values of SSL_CERT_FILE and NODE_EXTRA_CA_CERTS, undefined when unset. */
  readonly environmentFiles: readonly (string | undefined)[];
  /** --ca. */
  readonly caFile: string | null;
}

/** X25519 first keeps the ClientHello below one small segment: no post-quantum share is sent. */
const GROUPS = "X25519:prime256v1:secp384r1";

export interface TlsContexts {
  readonly verifying: tls.SecureContext;
  readonly plain: tls.SecureContext;
}

/** @throws TraceError when --ca names a file that cannot be read or holds no certificate */
export async function createTlsContexts(system: System, input: TrustInput): Promise<TlsContexts> {
  const optional = (path: string) => system.readText(path).catch(() => "");
  const named = await Promise.all(
    input.environmentFiles.map((path) => (path === undefined ? "" : optional(path))),
  );
  let bundle = "";
  for (const path of SYSTEM_BUNDLES) bundle ||= await optional(path);
  const extra = input.caFile === null ? "" : await readCa(system, input.caFile);
  const ca = distinct([tls.rootCertificates.join("\n"), bundle, ...named, extra]);
  return {
    verifying: tls.createSecureContext({ ca, ecdhCurve: GROUPS }),
    // Not even the bundled roots: each costs time, and sizes need no trust.
    plain: tls.createSecureContext({ ca: [], ecdhCurve: GROUPS }),
  };
}

/** Each certificate once: the system's bundle repeats most of Node's, and parsing is what costs. */
function distinct(bundles: readonly string[]): string[] {
  const found = bundles.flatMap((bundle) => bundle.match(PEM) ?? []);
  return [...new Map(found.map((pem) => [pem.replace(/\s/g, ""), pem])).values()];
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

async function readCa(system: System, path: string): Promise<string> {
  const text = await system.readText(path).catch((error: unknown) => {
    throw new TraceError("ca-unreadable", `--ca ${path} cannot be read: give a PEM file`, {
      cause: error,
    });
  });
  if (!text.includes("-----BEGIN CERTIFICATE-----")) {
    throw new TraceError("ca-not-pem", `--ca ${path} holds no PEM certificate: give a PEM file`);
  }
  return text;
}
