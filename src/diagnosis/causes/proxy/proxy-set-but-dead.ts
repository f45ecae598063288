// Programs are configured to use a proxy that does not answer.

import { environmentProxy, proxyName, proxyState } from "../../../facts/connection/proxy-state.ts";
import { cause } from "../../cause.ts";
import { measured } from "../../confidence.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

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
    "no-default-route",
    "gateway-unreachable",
  ],
  differentialCauses: ["proxy-localhost-not-mirrored", "autoproxy-stale", "port-filtered"],
  needs: [],
  judge: ({ path }) => {
    const proxy = environmentProxy(path);
    if (proxy === null) return rejected(say("noProxy"));
    const attempt = path.proxyAttempt;
    const state = proxyState(attempt);
    if (attempt === null || state.kind === "open") {
      return notChecked(say("notProbed", { proxy: proxyName(proxy) }));
    }
    const evidence = [proxy.id, attempt.id];
    if (state.kind === "works") return rejected(say("works"), evidence);
    if (state.kind === "answers")
      return rejected(say("answers", { reported: state.words }), evidence);
    return fires({
      confidence: measured(0.93),
      segment: null,
      between: null,
      direction: null,
      summary: say("found", {
        variable: proxy.variable,
        proxy: proxyName(proxy),
        reported: state.words,
      }),
      evidence,
      fixes: [
        {
          where: "linux",
          title: say("unset"),
          commands: ["unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY"],
          persistent: false,
        },
        {
          where: "linux",
          title: say("findIt"),
          commands: [
            "grep -ni '_proxy' ~/.bashrc ~/.profile /etc/environment /etc/profile.d/* /etc/apt/apt.conf.d/*",
          ],
          persistent: true,
        },
      ],
    });
  },
});
