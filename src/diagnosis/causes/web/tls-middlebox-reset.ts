// A middlebox on the path answers the ClientHello with a reset or with nothing, for this server name alone.

import { stageOf } from "../../../facts/connection/attempt.ts";
import { requestedTarget } from "../../../facts/connection/subject.ts";
import {
  besideDefault,
  handshakeEnd,
  handshakeEvidence,
} from "../../../facts/connection/tls-answers.ts";
import type { Facts } from "../../../facts/facts.ts";
import type { Attempt } from "../../../model/connections.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

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
    if (attempt === undefined || tls === undefined) return notChecked(say("noHello"));
    if (inbound.interval.passed !== null) {
      return rejected(say("smallerMssAnswered"), inbound.evidence);
    }
    if (tls.result.kind === "ok") return rejected(say("finished"), [tls.id]);
    if (tls.result.kind === "other-protocol") return rejected(say("noTls"), [tls.id]);
    const end = handshakeEnd(attempt);
    if (end === "answered") return rejected(say("alert"), [tls.id]);
    if (end === "silent" && !inbound.everySizeHangs) {
      return notChecked(say("sizeUnknown"));
    }
    return judgeNames(facts, attempt);
  },
});

/** The same address with another name, and with the same once more: is it the name? */
function judgeNames({ path }: Facts, attempt: Attempt) {
  const [other] = besideDefault(path, "other-name");
  const [again] = besideDefault(path, "same-name");
  if (other === undefined || again === undefined) {
    return notChecked(say("noOtherName"));
  }
  const evidence = [attempt, other, again].flatMap((one) => [...handshakeEvidence(one)]);
  if (handshakeEnd(other) !== "answered") {
    return rejected(say("otherNameFails", { name: other.serverName }), evidence);
  }
  const [first, second] = [handshakeEnd(attempt), handshakeEnd(again)];
  if (second === "answered") return rejected(say("answeredLater"), evidence);
  if (first !== second || first === "closed") {
    return notChecked(say("severalWays"));
  }
  return fires({
    confidence: "measured",
    segment: null,
    between: null,
    direction: null,
    summary: say("found", {
      host: requestedTarget(path)?.host,
      isReset: first === "reset",
      otherName: other.serverName,
    }),
    evidence,
    fixes: [],
  });
}
