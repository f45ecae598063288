// The connection is accepted and the request acknowledged, and nothing comes back: at no size, for no name.

import { lastInfo, unacknowledged } from "../../../facts/connection/attempt.ts";
import { besideDefault, handshakeEnd } from "../../../facts/connection/tls-answers.ts";
import { cause } from "../../cause.ts";
import { measured } from "../../confidence.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { OWN_STACK, SIZE_LIMITS, WRONG_ADDRESS } from "../groups.ts";

export const serverSilent = cause({
  id: "server-silent",
  area: "application",
  title: "The server accepts the connection and never answers",
  // The server, or whoever accepts in its place or drops its answers.
  segment: null,
  severity: "fault",
  direction: null,
  dependsOn: ["tls-middlebox-reset", "path-loss", ...SIZE_LIMITS, ...OWN_STACK, ...WRONG_ADDRESS],
  differentialCauses: [
    "tls-middlebox-reset",
    "pmtu-inbound-blackhole",
    "vpn-mtu-inbound-blackhole",
    "path-loss",
  ],
  needs: ["ending"],
  judge: ({ path, inbound }, { ending }) => {
    const { attempt } = ending;
    if (ending.kind !== "silent") return rejected("something answers", [attempt.id]);
    if (ending.stage === "connect") return notChecked("no connection was accepted");
    if (ending.cutShort) return notChecked("no longer was waited than --timeout says");
    if (inbound.interval.passed !== null) {
      const because = "the same request is answered when a smaller MSS is offered";
      return rejected(because, inbound.evidence);
    }
    const info = lastInfo(attempt);
    if (info !== null && unacknowledged(info)) {
      return notChecked("the request itself was not acknowledged");
    }
    if (!inbound.everySizeHangs) {
      return notChecked("whether the missing answer depends on size is not known");
    }
    const others = besideDefault(path, "other-name").filter(
      (other) => handshakeEnd(other) === "silent",
    );
    const named = others.map(({ serverName }) => ` or ${serverName}`).join("");
    const what = ending.stage === "tls" ? "the ClientHello" : "the request";
    return fires({
      confidence: measured(0.8),
      segment: null,
      between: null,
      direction: null,
      summary: `${attempt.address} accepts connections on port ${attempt.port} and acknowledges ${what}, and no byte comes back, at any size${named === "" ? "" : ` and whether for ${path.run?.target.host}${named}`}: the server does not answer, something accepts in its place, or drops its answers`,
      evidence: [...ending.evidence, ...inbound.evidence, ...others.map(({ id }) => id)],
      fixes: [],
    });
  },
});
