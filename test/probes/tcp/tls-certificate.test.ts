// What OpenSSL and Node report about a certificate, in the kinds that have different cures.

import fc from "fast-check";
import { expect, test } from "vitest";
import { altNames, errorCode, problemOf } from "../../../probes/tcp/tls-certificate.ts";

test.each([
  ["CERT_HAS_EXPIRED", "expired"],
  ["CERT_NOT_YET_VALID", "not-yet-valid"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "wrong-name"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "unknown-issuer"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unknown-issuer"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "unknown-issuer"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed"],
  ["CERT_REVOKED", "other"],
])("%s is %s", (code, problem) => {
  expect(problemOf(code)).toBe(problem);
});

test("names and addresses are read, and a name in quotation marks that holds others is not", () => {
  const text = 'DNS:a.example.test, DNS:"b.test, DNS:evil.test", IP Address:192.0.2.1, URI:x:y';
  expect(altNames(text)).toEqual(["a.example.test", "192.0.2.1"]);
  expect(altNames("")).toEqual([]);
});

test("any text gives a bounded list of names without spaces", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const names = altNames(`DNS:a.test, ${text}`);
      expect(names.length).toBeLessThanOrEqual(20);
      expect(names.filter((name) => /[\s,]/.test(name))).toEqual([]);
    }),
  );
});

test("an error is its code, else its words", () => {
  expect(errorCode(Object.assign(new Error("x"), { code: "ECONNRESET" }))).toBe("ECONNRESET");
  expect(errorCode(new Error("words"))).toBe("words");
  expect(errorCode("CODE")).toBe("CODE");
  expect(errorCode(null)).toBe("not verified");
});
