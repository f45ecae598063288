// The certificates that this machine trusts, gathered where a program would look for them.

import tls from "node:tls";
import { messageOf, TraceError } from "../../src/errors.ts";
import { NAMED_FILE } from "../input-file.ts";
import type { System } from "../system.ts";

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

/** Each is made at its first use: the roots take as long to parse as half a start, and no connection needs them before TLS. */
export interface TlsContexts {
  /** With the trusted roots, for the attempt whose certificate is reported. */
  verifying(): tls.SecureContext;
  /** Without: handshakes about sizes need no trust. */
  plain(): tls.SecureContext;
}

/**
 * Reads the files, and parses nothing yet.
 * @throws TraceError when --ca names a file that cannot be read or holds no certificate
 */
export async function createTlsContexts(system: System, input: TrustInput): Promise<TlsContexts> {
  const optional = (path: string) => system.readText(path).catch(() => "");
  const named = await Promise.all(
    input.environmentFiles.map((path) => (path === undefined ? "" : optional(path))),
  );
  let bundle = "";
  for (const path of SYSTEM_BUNDLES) bundle ||= await optional(path);
  const given = input.caFile === null ? "" : await readCa(system, input.caFile);
  return {
    verifying: once(() => contextTrusting(beyondBundled([bundle, ...named, given]))),
    // Not even the bundled roots: each costs time.
    plain: once(() => tls.createSecureContext({ ca: [], ecdhCurve: GROUPS })),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/**
 * The bundled roots and these. Node parses its own roots once and fast; given as `ca` the same roots
 * take longer than the whole rest of the start, so the few others are added to the ready context.
 */
function contextTrusting(extra: readonly string[]): tls.SecureContext {
  const context = tls.createSecureContext({ ecdhCurve: GROUPS });
  const native: unknown = context.context;
  if (!hasAddCaCert(native)) {
    return tls.createSecureContext({ ca: [...tls.rootCertificates, ...extra], ecdhCurve: GROUPS });
  }
  for (const pem of extra) native.addCACert(pem);
  return context;
}

function hasAddCaCert(native: unknown): native is { addCACert(pem: string): void } {
  return (
    typeof native === "object" &&
    native !== null &&
    "addCACert" in native &&
    typeof native.addCACert === "function"
  );
}

/** Each certificate that Node does not bring along, once: the system's bundle repeats most of them. */
function beyondBundled(bundles: readonly string[]): readonly string[] {
  const key = (pem: string) => pem.replace(/\s/g, "");
  const bundled = new Set(tls.rootCertificates.map(key));
  const found = bundles.flatMap((bundle) => bundle.match(PEM) ?? []);
  return [...new Map(found.map((pem) => [key(pem), pem]))].flatMap(([id, pem]) =>
    bundled.has(id) ? [] : [pem],
  );
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

async function readCa(system: System, path: string): Promise<string> {
  const text = await system.readText(path, NAMED_FILE).catch((cause: unknown) => {
    const message = `--ca ${path} cannot be read (${messageOf(cause)}): give a PEM file`;
    throw new TraceError("ca-unreadable", message, { cause });
  });
  if (!text.includes("-----BEGIN CERTIFICATE-----")) {
    throw new TraceError("ca-not-pem", `--ca ${path} holds no PEM certificate: give a PEM file`);
  }
  return text;
}
