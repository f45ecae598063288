// TLS is intercepted on the path: the unknown authority also signs for a name that the server cannot have.

import { besideDefault, handshakeEvidence } from "../../../facts/connection/tls-answers.ts";
import type { Attempt } from "../../../model/connections.ts";
import type { Certificate } from "../../../schema/events/tcp.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

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
    if (certificate === null) return notChecked(say("noCertificate"));
    if (certificate.authorized) return rejected(say("verifies"), [certificate.id]);
    const { problem } = certificate;
    if (problem === "expired" || problem === "not-yet-valid" || problem === "wrong-name") {
      return rejected(say("authorityKnown", { problem }), [certificate.id]);
    }
    const [other] = besideDefault(path, "other-name");
    if (other?.certificate == null) return unproven(certificate);
    return judgeOther(certificate, other, other.certificate);
  },
});

/**
 * Proof of interception: for a server name that is not the server's, the address shows another
 * certificate, made for that name, by the same unknown authority. One certificate for both names
 * (a wildcard, a default) is none, and neither is a name of an issuer that sounds like a product.
 */
function judgeOther(own: Seen, other: Attempt, shown: Certificate) {
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
    confidence: "measured",
    segment: null,
    between: null,
    direction: null,
    summary: say("found", { issuer: own.issuer, name }),
    evidence: [own.id, ...handshakeEvidence(other)],
    fixes: [],
  });
}

type Seen = Certificate & { readonly id: string };

function unproven({ issuer, error }: Certificate) {
  return notChecked(say("unproven", { issuer, error }));
}
