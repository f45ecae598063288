// What a server's certificate contains, and why it does not verify where it does not.

import type tls from "node:tls";
import type { CertificateProblem } from "../../src/schema/events/tcp.ts";

export interface CertificateFacts {
  readonly authorized: boolean;
  readonly error: string | null;
  readonly problem: CertificateProblem | null;
  readonly names: string[];
  readonly fingerprint: string;
  readonly issuerFingerprint: string | null;
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly protocol: string;
}

/** The certificate of a finished handshake that checked it and went on whatever came of that. */
export function certificateFacts(stream: tls.TLSSocket): CertificateFacts {
  const certificate = stream.getPeerCertificate(true);
  const error: unknown = stream.authorizationError;
  const code = stream.authorized ? null : errorCode(error);
  const issuer = certificate.issuerCertificate;
  return {
    authorized: stream.authorized,
    error: code,
    problem: code === null ? null : problemOf(code),
    names: altNames(certificate.subjectaltname ?? ""),
    fingerprint: certificate.fingerprint256 ?? "",
    issuerFingerprint: issuer?.fingerprint256 ?? null,
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    validFrom: certificate.valid_from ?? "",
    validTo: certificate.valid_to ?? "",
    protocol: stream.getProtocol() ?? "TLS",
  };
}

function nameOf(name: tls.Certificate | undefined): string {
  return [name?.CN, name?.O].filter((part) => typeof part === "string").join(", ");
}

/** The code of anything that was thrown or reported, else its words. */
export function errorCode(error: unknown): string {
  if (typeof error === "string") return error;
  if (error instanceof Error) {
    return "code" in error && typeof error.code === "string" ? error.code : error.message;
  }
  return "not verified";
}

/** OpenSSL's verify errors as Node names them (X509_V_ERR_*, node/src/crypto/crypto_common.cc). */
const PROBLEMS: Readonly<Record<string, CertificateProblem>> = {
  CERT_HAS_EXPIRED: "expired",
  CERT_NOT_YET_VALID: "not-yet-valid",
  ERR_TLS_CERT_ALTNAME_INVALID: "wrong-name",
  HOSTNAME_MISMATCH: "wrong-name",
  DEPTH_ZERO_SELF_SIGNED_CERT: "self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "unknown-issuer",
  UNABLE_TO_GET_ISSUER_CERT: "unknown-issuer",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "unknown-issuer",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "unknown-issuer",
  CERT_UNTRUSTED: "unknown-issuer",
};

/** The kind of an error code; codes that are none of the usual ones are "other". */
export function problemOf(code: string): CertificateProblem {
  return PROBLEMS[code] ?? "other";
}

/** As many names as are worth keeping of one certificate. */
const MAX_NAMES = 20;

/** "DNS:a.test, DNS:b.test, IP Address:192.0.2.1" as names and addresses. */
export function altNames(text: string): string[] {
  // Names that hold a comma or a quotation mark come in quotation marks (CVE-2021-44532): they match no host.
  const plain = text.replace(/"(?:[^"\\]|\\.)*"/g, "");
  const names = plain.matchAll(/(?:^|, )(?:DNS|IP Address):([^,\s]+)/g);
  return [...names].map(([, name = ""]) => name).slice(0, MAX_NAMES);
}
