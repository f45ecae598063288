// The connection is accepted and the request acknowledged, and nothing comes back: at no size, for no name.

import { lastInfo, unacknowledged } from "../../../facts/connection/attempt.ts";
import { requestedTarget } from "../../../facts/connection/subject.ts";
import { besideDefault, handshakeEnd } from "../../../facts/connection/tls-answers.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { DEAD_PROXY, OWN_STACK, SIZE_LIMITS, WRONG_ADDRESS } from "../groups.ts";

export const serverSilent = cause({
  id: "server-silent",
  area: "application",
  title: "The server accepts the connection and never answers",
  // The server, or whoever accepts in its place or drops its answers.
  segment: null,
  severity: "fault",
  direction: null,
  dependsOn: [
    "proxy-refuses",
    ...DEAD_PROXY,
    "tls-middlebox-reset",
    "path-loss",
    ...SIZE_LIMITS,
    ...OWN_STACK,
    ...WRONG_ADDRESS,
  ],
  differentialCauses: [
    "tls-middlebox-reset",
    "pmtu-inbound-blackhole",
    "vpn-mtu-inbound-blackhole",
    "path-loss",
  ],
  needs: ["ending"],
  judge: ({ path, inbound }, { ending }) => {
    const { attempt } = ending;
    if (ending.kind !== "silent") return rejected(say("answered"), [attempt.id]);
    if (ending.stage === "connect") return notChecked(say("notAccepted"));
    if (ending.cutShort) return notChecked(say("cutShort"));
    if (inbound.interval.passed !== null) {
      return rejected(say("smallerAnswered"), inbound.evidence);
    }
    const info = lastInfo(attempt);
    if (info !== null && unacknowledged(info)) {
      return notChecked(say("unacknowledged"));
    }
    if (!inbound.everySizeHangs) {
      return notChecked(say("sizeUnknown"));
    }
    const others = besideDefault(path, "other-name").filter(
      (other) => handshakeEnd(other) === "silent",
    );
    return fires({
      confidence: "measured",
      segment: null,
      between: null,
      direction: null,
      summary: say("found", {
        address: attempt.address,
        port: attempt.port,
        stage: ending.stage,
        names: [
          requestedTarget(path)?.host ?? "",
          ...others.flatMap(({ serverName }) => serverName ?? []),
        ],
      }),
      evidence: [...ending.evidence, ...inbound.evidence, ...others.map(({ id }) => id)],
      fixes: [],
    });
  },
});
