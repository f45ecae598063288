// Programs are configured to use a proxy that does not answer.

import { environmentProxy, proxyName, proxyState } from "../../../facts/connection/proxy-state.ts";
import { cause } from "../../cause.ts";
import { measured } from "../../confidence.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";

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
    if (proxy === null) return rejected("no proxy of the environment applies");
    const attempt = path.proxyAttempt;
    const state = proxyState(attempt);
    if (attempt === null || state.kind === "open") {
      return notChecked(`the proxy ${proxyName(proxy)} was not probed`);
    }
    const evidence = [proxy.id, attempt.id];
    if (state.kind === "works") return rejected("the request passes through the proxy", evidence);
    if (state.kind === "answers") return rejected(`the proxy answers: ${state.words}`, evidence);
    return fires({
      confidence: measured(0.93),
      segment: null,
      between: null,
      direction: null,
      summary: `${proxy.variable} sends programs to ${proxyName(proxy)}, which does not answer (${state.words})`,
      evidence,
      fixes: [
        {
          where: "linux",
          title: "Use no proxy in this shell",
          commands: ["unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY"],
          persistent: false,
        },
        {
          where: "linux",
          title: "Find where it is set, and take it out there",
          commands: [
            "grep -ni '_proxy' ~/.bashrc ~/.profile /etc/environment /etc/profile.d/* /etc/apt/apt.conf.d/*",
          ],
          persistent: true,
        },
      ],
    });
  },
});
