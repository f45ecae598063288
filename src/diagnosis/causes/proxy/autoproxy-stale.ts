// The environment's proxy is dead, and Windows takes another one, or none, by now.

import { environmentProxy, proxyName, proxyState } from "../../../facts/connection/proxy-state.ts";
import { hostEvidence, settingsOf } from "../../../facts/reach/path-host.ts";
import { snapshotAge } from "../../../facts/snapshot-age.ts";
import { vantageFacts } from "../../../facts/vantage.ts";
import { switchOf } from "../../../host/ini.ts";
import { cause } from "../../cause.ts";
import { inferred } from "../../confidence.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";

export const autoproxyStale = cause({
  id: "autoproxy-stale",
  area: "proxy",
  title: "The distro still uses a proxy that Windows no longer uses",
  segment: "linux-stack",
  severity: "fault",
  direction: null,
  dependsOn: ["proxy-localhost-not-mirrored"],
  differentialCauses: ["proxy-set-but-dead", "proxy-localhost-not-mirrored"],
  needs: [],
  judge: (facts) => {
    const { path } = facts;
    const own = environmentProxy(path);
    if (own === null) return rejected("no proxy of the environment applies");
    const state = proxyState(path.proxyAttempt);
    if (state.kind === "open") return notChecked("the proxy was not probed");
    if (state.kind !== "dead") return rejected("the proxy answers", [own.id]);
    if (vantageFacts(path)?.kind !== "wsl2") return rejected("only WSL2 copies Windows' proxy");
    const settings = settingsOf(path);
    if (settings !== null && switchOf(settings, "wsl2.autoProxy") === false) {
      return rejected(".wslconfig has autoProxy=false", hostEvidence(path));
    }
    const setting = meet(facts, "windowsProxy");
    if (setting.kind !== "met") return setting;
    const age = snapshotAge(path);
    if (age !== null) {
      return notChecked(`the snapshot is ${age} older than this run, and proxies come and go`);
    }
    const { proxy, script } = setting.value;
    if (script !== null)
      return notChecked("Windows' proxy is chosen by a script, which was not run");
    if (proxy !== null && proxy.host === own.host.toLowerCase() && proxy.port === own.port) {
      return rejected("Windows uses the same proxy", hostEvidence(path));
    }
    const now = proxy === null ? "no proxy" : `${proxy.host}:${proxy.port}`;
    return fires({
      confidence: inferred(0.75),
      segment: "linux-stack",
      between: null,
      direction: null,
      summary: `${own.variable} names ${proxyName(own)}, which does not answer (${state.words}), and Windows now uses ${now}: WSL copies the setting only when a program starts`,
      evidence: [
        own.id,
        ...(path.proxyAttempt === null ? [] : [path.proxyAttempt.id]),
        ...hostEvidence(path),
      ],
      fixes: [
        {
          where: "windows",
          title: "Restart the distro, which reads Windows' setting again",
          commands: ["wsl --shutdown"],
          persistent: false,
        },
        {
          where: "windows",
          title: "Or have WSL copy no proxy",
          commands: [
            'Add-Content "$env:USERPROFILE\\.wslconfig" "`n[wsl2]`nautoProxy=false"',
            "wsl --shutdown",
          ],
          persistent: true,
        },
      ],
    });
  },
});
