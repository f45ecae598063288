// TLS is intercepted on the path: the unknown authority also signs for a name that the server cannot have.

import { besideDefault, handshakeEvidence } from "../../../facts/connection/tls-answers.ts";
import type { Attempt } from "../../../model/connections.ts";
import type { Certificate } from "../../../schema/events/tcp.ts";
import { cause } from "../../cause.ts";
import { measured } from "../../confidence.ts";
import { fires, notChecked, type Outcome, rejected } from "../../outcome.ts";

export const tlsInspectionUntrustedCa = cause({
  id: "tls-inspection-untrusted-ca",
  area: "web",
  title: "TLS is re-signed on the path by an authority that the distro does not trust",
  segment: null,
  severity: "fault",
  direction: null,
  dependsOn: ["captive-portal"],
  differentialCauses: [],
  needs: [],
  judge: ({ attempt, path }) => {
    const certificate = attempt?.certificate ?? null;
    if (certificate === null) return notChecked("no certificate was received");
    if (certificate.authorized) return rejected("the certificate verifies", [certificate.id]);
    const { problem } = certificate;
    if (problem === "expired" || problem === "not-yet-valid" || problem === "wrong-name") {
      return rejected(`its authority is known; the certificate is ${WORDS[problem]}`, [
        certificate.id,
      ]);
    }
    const [other] = besideDefault(path, "other-name");
    if (other?.certificate == null) return unproven(certificate);
    return judgeOther(certificate, other, other.certificate);
  },
});

const WORDS = {
  expired: "expired",
  "not-yet-valid": "not valid yet",
  "wrong-name": "for another name",
} as const;

/**
 * Proof of interception: for a server name that is not the server's, the address shows another
 * certificate, made for that name, by the same unknown authority. One certificate for both names
 * (a wildcard, a default) is none, and neither is a name of an issuer that sounds like a product.
 */
function judgeOther(own: Seen, other: Attempt, shown: Certificate): Outcome {
  const name = other.serverName ?? "";
  const isMade =
    (shown.names ?? []).includes(name) &&
    shown.fingerprint !== own.fingerprint &&
    !(own.names ?? []).includes(name);
  const sameIssuer =
    shown.issuer === own.issuer &&
    (shown.issuerFingerprint ?? null) === (own.issuerFingerprint ?? null);
  if (!isMade || !sameIssuer) return unproven(own);
  return fires({
    confidence: measured(0.93),
    segment: null,
    between: null,
    direction: null,
    summary: `"${own.issuer}", which the distro does not trust, signed for the target, and at the same address another certificate for ${name}: TLS is intercepted and re-signed on the path`,
    evidence: [own.id, ...handshakeEvidence(other)],
    fixes: [],
  });
}

type Seen = Certificate & { readonly id: string };

function unproven({ issuer, error }: Certificate): Outcome {
  return notChecked(
    `the certificate of ${issuer} does not verify (${error}); whether TLS is intercepted on the path or the server uses a private CA does not follow from the chain alone`,
  );
}
