// A middlebox on the path answers the ClientHello with a reset or with nothing, for this server name alone.

import { stageOf } from "../../../facts/connection/attempt.ts";
import {
  besideDefault,
  handshakeEnd,
  handshakeEvidence,
} from "../../../facts/connection/tls-answers.ts";
import type { Facts } from "../../../facts/facts.ts";
import type { Attempt } from "../../../model/connections.ts";
import { cause } from "../../cause.ts";
import { measured } from "../../confidence.ts";
import { fires, notChecked, type Outcome, rejected } from "../../outcome.ts";

export const tlsMiddleboxReset = cause({
  id: "tls-middlebox-reset",
  area: "web",
  title: "A middlebox cuts the connection when it sees the ClientHello",
  segment: null,
  severity: "fault",
  direction: null,
  dependsOn: [
    "captive-portal",
    "vpn-mtu-inbound-blackhole",
    "vpn-mtu-outbound-blackhole",
    "pmtu-inbound-blackhole",
    "pmtu-outbound-blackhole",
    "linux-firewall-in-distro",
    "rp-filter-drop",
  ],
  differentialCauses: ["pmtu-inbound-blackhole", "vpn-mtu-inbound-blackhole", "path-loss"],
  needs: [],
  judge: (facts) => {
    const { attempt, inbound } = facts;
    const tls = stageOf(attempt, "tls");
    if (attempt === undefined || tls === undefined) return notChecked("no ClientHello was sent");
    if (inbound.interval.passed !== null) {
      const because = "the same ClientHello is answered when a smaller MSS is offered";
      return rejected(because, inbound.evidence);
    }
    if (tls.result.kind === "ok") return rejected("the handshake finished", [tls.id]);
    if (tls.result.kind === "other-protocol")
      return rejected("the port does not speak TLS", [tls.id]);
    const end = handshakeEnd(attempt);
    if (end === "answered") return rejected("the refusal is a TLS alert", [tls.id]);
    if (end === "silent" && !inbound.everySizeHangs) {
      return notChecked("whether the missing answer depends on size is not known");
    }
    return judgeNames(facts, attempt);
  },
});

/** The same address with another name, and with the same once more: is it the name? */
function judgeNames({ path }: Facts, attempt: Attempt): Outcome {
  const [other] = besideDefault(path, "other-name");
  const [again] = besideDefault(path, "same-name");
  if (other === undefined || again === undefined) {
    return notChecked("no handshake with another server name was attempted");
  }
  const evidence = [attempt, other, again].flatMap((one) => [...handshakeEvidence(one)]);
  if (handshakeEnd(other) !== "answered") {
    return rejected(`a handshake with the name ${other.serverName} fails as well`, evidence);
  }
  const [first, second] = [handshakeEnd(attempt), handshakeEnd(again)];
  if (second === "answered") return rejected("the same name was answered later", evidence);
  if (first !== second || first === "closed") {
    return notChecked("the server closes the connection itself, or fails in more than one way");
  }
  const how = first === "reset" ? "is reset" : "gets no answer at any size";
  return fires({
    confidence: measured(0.88),
    segment: null,
    between: null,
    direction: null,
    summary: `the ClientHello for ${path.run?.target.host} ${how}, twice, while one for ${other.serverName} to the same address is answered in between: a middlebox reads the name`,
    evidence,
    fixes: [],
  });
}
