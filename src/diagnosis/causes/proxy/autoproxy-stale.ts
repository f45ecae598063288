// The environment's proxy is dead, and Windows takes another one, or none, by now.

import {
  environmentProxy,
  environmentProxyState,
  proxyAttemptIds,
  proxyName,
} from "../../../facts/connection/proxy-state.ts";
import { hostEvidence, settingsOf } from "../../../facts/reach/path-host.ts";
import { snapshotAge } from "../../../facts/snapshot-age.ts";
import { vantageFacts } from "../../../facts/vantage.ts";
import { switchOf } from "../../../host/ini.ts";
import { cause } from "../../cause.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

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
    if (own === null) return rejected(say("noProxy"));
    const state = environmentProxyState(path);
    if (state.kind === "open") return notChecked(say("notProbed"));
    if (state.kind !== "dead") return rejected(say("answers"), [own.id]);
    if (vantageFacts(path)?.kind !== "wsl2") return rejected(say("notWsl2"));
    const settings = settingsOf(path);
    if (settings !== null && switchOf(settings, "wsl2.autoProxy") === false) {
      return rejected(say("switchedOff"), hostEvidence(path));
    }
    const setting = meet(facts, "windowsProxy");
    if (setting.kind !== "met") return setting;
    const age = snapshotAge(path);
    if (age !== null) {
      return notChecked(say("oldSnapshot", { age }));
    }
    const { proxy, script } = setting.value;
    if (script !== null) return notChecked(say("script"));
    if (proxy !== null && proxy.host === own.host.toLowerCase() && proxy.port === own.port) {
      return rejected(say("sameProxy"), hostEvidence(path));
    }
    return fires({
      confidence: "inferred",
      segment: "linux-stack",
      between: null,
      direction: null,
      summary: say("found", {
        variable: own.variable,
        proxy: proxyName(own),
        reported: state.words,
        now: proxy === null ? null : `${proxy.host}:${proxy.port}`,
      }),
      evidence: [own.id, ...proxyAttemptIds(path), ...hostEvidence(path)],
      fixes: [
        {
          where: "windows",
          title: say("restart"),
          commands: ["wsl --shutdown"],
          persistent: false,
        },
        {
          where: "windows",
          title: say("copyNone"),
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
