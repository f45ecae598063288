// A certificate authority and server certificates for one test run, as big, as old or as odd as wanted.

import "reflect-metadata";
import * as x509 from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

export interface TestCertificate {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

export interface Wanted {
  readonly name: string;
  readonly names?: readonly string[];
  readonly addresses?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly selfSigned?: boolean;
}

/** A certificate authority that signs every request. */
export async function makeAuthority(
  name: string,
): Promise<(wanted: Wanted) => Promise<TestCertificate>> {
  const caKeys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys: caKeys,
    signingAlgorithm: ALGORITHM,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  return async (wanted) => {
    const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
    const { notBefore, notAfter, names = [], addresses = [], selfSigned = false } = wanted;
    const leaf = await x509.X509CertificateGenerator.create({
      subject: `CN=${wanted.name}`,
      issuer: selfSigned ? `CN=${wanted.name}` : ca.subject,
      publicKey: keys.publicKey,
      signingKey: selfSigned ? keys.privateKey : caKeys.privateKey,
      signingAlgorithm: ALGORITHM,
      ...(notBefore === undefined ? {} : { notBefore }),
      ...(notAfter === undefined ? {} : { notAfter }),
      extensions: [
        new x509.SubjectAlternativeNameExtension([
          ...[wanted.name, ...names].map((value) => ({ type: "dns" as const, value })),
          ...addresses.map((value) => ({ type: "ip" as const, value })),
        ]),
      ],
    });
    const pkcs8 = Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey));
    const body = pkcs8.toString("base64").replace(/.{64}/g, "$&\n");
    return {
      ca: ca.toString("pem"),
      certificate: leaf.toString("pem"),
      key: `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`,
    };
  };
}

/** @param extraNames how many names beside the real ones: each adds some 30 bytes */
export async function makeCertificate(
  name: string,
  addresses: readonly string[],
  extraNames: number,
): Promise<TestCertificate> {
  const names = Array.from({ length: extraNames }, (_, n) => `host-${n}.long-name.example.test`);
  return (await makeAuthority("Test Authority"))({ name, names, addresses });
}
