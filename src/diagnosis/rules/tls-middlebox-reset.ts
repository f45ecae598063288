// Something on the way answers the ClientHello with a reset or with nothing, whatever the size.

import { notChecked, type Rule, rejected } from "../rule.ts";

export const tlsMiddleboxReset: Rule = {
  cause: "tls-middlebox-reset",
  lookAlikes: [],
  judge: ({ attempt, inbound }) => {
    const tls = attempt?.stages.find(({ stage }) => stage === "tls");
    if (attempt === undefined || tls === undefined) return notChecked("no ClientHello was sent");
    if (inbound.bracket.passed !== null) {
      const because = "the same ClientHello is answered when smaller segments are invited";
      return rejected(because, inbound.evidence);
    }
    if (tls.result.kind === "ok") return rejected("the handshake finished", [tls.id]);
    if (tls.result.kind === "other-protocol")
      return rejected("the port does not speak TLS", [tls.id]);
    return notChecked(
      "the ClientHello gets no answer at any size; a handshake with another server name, which would settle it, is not part of this version",
    );
  },
};
