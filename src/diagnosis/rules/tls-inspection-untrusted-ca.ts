// The certificate does not verify, which alone does not prove that anybody opens TLS on the way.

import { notChecked, type Rule, rejected } from "../rule.ts";

export const tlsInspectionUntrustedCa: Rule = {
  cause: "tls-inspection-untrusted-ca",
  lookAlikes: [],
  judge: ({ attempt }) => {
    const certificate = attempt?.certificate ?? null;
    if (certificate === null) return notChecked("no certificate arrived");
    if (certificate.authorized) return rejected("the certificate verifies", [certificate.id]);
    return notChecked(
      `the certificate of ${certificate.issuer} does not verify (${certificate.error}); whether somebody opens TLS on the way or the server uses a private CA, the chain alone does not say`,
    );
  },
};
