// The environment's proxy is there, and lets nobody through to the target: it refuses, speaks another protocol, or hides nothing that answers.

import {
  directWorks,
  environmentProxy,
  environmentProxyState,
  proxyAttemptIds,
  proxyName,
} from "../../../facts/connection/proxy-state.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { OWN_STACK, SIZE_LIMITS } from "../groups.ts";
import { withoutProxy } from "./without-proxy.ts";

export const proxyRefuses = cause({
  id: "proxy-refuses",
  area: "proxy",
  title: "The proxy that programs are set to use does not let them through",
  segment: null,
  severity: "fault",
  direction: null,
  dependsOn: ["tls-middlebox-reset", ...SIZE_LIMITS, ...OWN_STACK],
  differentialCauses: ["proxy-set-but-dead", "tls-middlebox-reset", "pmtu-inbound-blackhole"],
  needs: [],
  judge: ({ path, inbound }) => {
    const proxy = environmentProxy(path);
    if (proxy === null) return rejected(say("noProxy"));
    // Only where the default attempt goes through it; older recordings tried it beside that.
    if (path.requested === null) return notChecked(say("notFollowed"));
    const state = environmentProxyState(path);
    const evidence = [proxy.id, ...proxyAttemptIds(path)];
    if (state.kind === "open") return notChecked(say("notProbed"));
    if (state.kind === "works") return rejected(say("works"), evidence);
    if (state.kind === "dead") return rejected(say("dead", { reported: state.words }), evidence);
    if (state.kind === "behind" && inbound.interval.passed !== null) {
      return rejected(say("smallerPass"), inbound.evidence);
    }
    const target = `${path.requested.host}:${path.requested.port}`;
    const named = { variable: proxy.variable, proxy: proxyName(proxy), target };
    const direct = directWorks(path);
    return fires({
      confidence: state.kind === "answers" ? "measured" : "inferred",
      segment: null,
      between: null,
      direction: null,
      summary:
        state.kind === "answers"
          ? say("refused", { ...named, reported: state.words, direct })
          : say("nothingBehind", { ...named, how: state.how, direct }),
      evidence,
      fixes: withoutProxy(path),
    });
  },
});
