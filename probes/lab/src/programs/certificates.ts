// The lab's certificates, made in this process: a root, an intermediate, and a leaf for the target.

import "reflect-metadata";

import { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

export interface Certificates {
  /** PEM of the root, for --ca. */
  readonly ca: string;
  /** PEM: the leaf, then the intermediate. */
  readonly chain: string;
  /** PEM, PKCS #8. */
  readonly key: string;
}

/** By server name: what a middlebox that ends TLS on the path shows, signed by itself. */
export type InspectionCertificates = Readonly<
  Record<string, { readonly chain: string; readonly key: string }>
>;

/** Certificates of an authority that nobody trusts, one for each name. */
export async function makeInspection(
  names: readonly string[],
  now: Date,
): Promise<InspectionCertificates> {
  cryptoProvider.set(webcrypto);
  const keys = () => webcrypto.subtle.generateKey(SIGNING, true, ["sign", "verify"]);
  const [rootKeys, leafKeys] = await Promise.all([keys(), keys()]);
  const root = await authority("CN=Company Inspection", rootKeys, null, now);
  const key = pemOf("PRIVATE KEY", await webcrypto.subtle.exportKey("pkcs8", leafKeys.privateKey));
  const made = names.map(async (name) => {
    const signed = { by: root, key: rootKeys.privateKey };
    return [name, { chain: pem(await leafFor(name, [name], leafKeys, signed, now)), key }] as const;
  });
  return Object.fromEntries(await Promise.all(made));
}

const SIGNING = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/**
 * @param flight "large": so many names that the server's first flight is about 4 kB; "tiny": a leaf
 *   signed by the root itself, which fits one segment
 */
export async function makeCertificates(
  name: string,
  flight: "large" | "tiny",
  now: Date,
): Promise<Certificates> {
  cryptoProvider.set(webcrypto);
  const keys = () => webcrypto.subtle.generateKey(SIGNING, true, ["sign", "verify"]);
  const [rootKeys, middleKeys, leafKeys] = await Promise.all([keys(), keys(), keys()]);
  const root = await authority("CN=wsl-trace lab root", rootKeys, null, now);
  const middle =
    flight === "large"
      ? await authority("CN=wsl-trace lab intermediate", middleKeys, { root, rootKeys }, now)
      : null;
  const signed =
    middle === null
      ? { by: root, key: rootKeys.privateKey }
      : { by: middle, key: middleKeys.privateKey };
  const leaf = await leafFor(name, namesFor(name, flight), leafKeys, signed, now);
  const exported = await webcrypto.subtle.exportKey("pkcs8", leafKeys.privateKey);
  return {
    ca: pem(root),
    chain: [leaf, ...(middle === null ? [] : [middle])].map(pem).join(""),
    key: pemOf("PRIVATE KEY", exported),
  };
}

type Keys = webcrypto.CryptoKeyPair;

function leafFor(
  name: string,
  names: readonly string[],
  own: Keys,
  signed: { readonly by: X509Certificate; readonly key: webcrypto.CryptoKey },
  now: Date,
): Promise<X509Certificate> {
  return X509CertificateGenerator.create({
    serialNumber: "03",
    subject: `CN=${name}`,
    issuer: signed.by.subject,
    ...validity(now),
    signingAlgorithm: SIGNING,
    publicKey: own.publicKey,
    signingKey: signed.key,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(names.map(dns)),
    ],
  });
}

function authority(
  subject: string,
  own: Keys,
  parent: { readonly root: X509Certificate; readonly rootKeys: Keys } | null,
  now: Date,
): Promise<X509Certificate> {
  return X509CertificateGenerator.create({
    serialNumber: parent === null ? "01" : "02",
    subject,
    issuer: parent?.root.subject ?? subject,
    ...validity(now),
    signingAlgorithm: SIGNING,
    publicKey: own.publicKey,
    signingKey: (parent?.rootKeys ?? own).privateKey,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
}

const DAY_MS = 86_400_000;
/** Starts a day early, for clocks that differ. */
function validity(now: Date): { readonly notBefore: Date; readonly notAfter: Date } {
  return {
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(now.getTime() + 7 * DAY_MS),
  };
}

/** About 38 bytes each, which brings the flight to about 4 kB. */
const EXTRA_NAMES = 76;

function namesFor(name: string, flight: "large" | "tiny"): readonly string[] {
  if (flight === "tiny") return [name];
  const extra = Array.from(
    { length: EXTRA_NAMES },
    (_, n) => `service-${n}.of-the-lab.example.test`,
  );
  return [name, `www.${name}`, "ipv4.example.test", "ipv6.example.test", ...extra];
}

function dns(value: string): { readonly type: "dns"; readonly value: string } {
  return { type: "dns", value };
}

function pem(certificate: X509Certificate): string {
  return `${certificate.toString("pem")}\n`;
}

const PEM_LINE_CHARS = 64;

function pemOf(label: string, bytes: ArrayBuffer): string {
  const base64 = Buffer.from(bytes).toString("base64");
  const body = base64.match(new RegExp(`.{1,${PEM_LINE_CHARS}}`, "g"))?.join("\n") ?? "";
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}
