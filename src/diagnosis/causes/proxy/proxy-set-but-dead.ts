// Programs are configured to use a proxy that does not answer.

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
import { PATH_ENDS_BEFORE, SIZE_LIMITS, WRONG_SERVERS } from "../groups.ts";
import { withoutProxy } from "./without-proxy.ts";

export const proxySetButDead = cause({
  id: "proxy-set-but-dead",
  area: "proxy",
  title: "Programs are configured to use a proxy that does not answer",
  segment: null,
  severity: "fault",
  direction: null,
  dependsOn: [
    "autoproxy-stale",
    "proxy-localhost-not-mirrored",
    "nrpt-only-vpn-dns",
    "dns-suffix-missing",
    "dns-server-unreachable",
    "dns-server-refuses",
    ...WRONG_SERVERS,
    ...PATH_ENDS_BEFORE,
    ...SIZE_LIMITS,
  ],
  differentialCauses: ["proxy-localhost-not-mirrored", "autoproxy-stale", "port-filtered"],
  needs: [],
  judge: ({ path }) => {
    const proxy = environmentProxy(path);
    if (proxy === null) return rejected(say("noProxy"));
    const state = environmentProxyState(path);
    if (state.kind === "open") {
      return notChecked(say("notProbed", { proxy: proxyName(proxy) }));
    }
    const evidence = [proxy.id, ...proxyAttemptIds(path)];
    if (state.kind === "works") return rejected(say("works"), evidence);
    if (state.kind === "behind")
      return rejected(say("answers", { reported: "connected" }), evidence);
    if (state.kind === "answers")
      return rejected(say("answers", { reported: state.words }), evidence);
    return fires({
      confidence: "measured",
      segment: null,
      between: null,
      direction: null,
      summary:
        proxy.problem !== undefined
          ? say("unusable", { variable: proxy.variable, reported: proxy.problem })
          : say("found", {
              variable: proxy.variable,
              proxy: proxyName(proxy),
              reported: state.words,
              direct: directWorks(path),
            }),
      evidence,
      fixes: withoutProxy(path),
    });
  },
});
