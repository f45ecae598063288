// Direct connections are blocked, Windows' proxy passes the request, and the distro's programs have none configured.

import { attemptState } from "../../../facts/connection/attempt.ts";
import { environmentProxy, proxyState } from "../../../facts/connection/proxy-state.ts";
import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { cause } from "../../cause.ts";
import { commandHost } from "../../command-values.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

/** What a host name or address may be, to be used in a command without quotes. */

export const proxyRequiredButUnset = cause({
  id: "proxy-required-but-unset",
  area: "proxy",
  title: "The network requires Windows' proxy, which the distro does not use",
  segment: "linux-stack",
  severity: "fault",
  direction: null,
  dependsOn: [],
  differentialCauses: ["port-filtered", "port-refused", "proxy-localhost-not-mirrored"],
  needs: [],
  judge: (facts) => {
    const { path } = facts;
    const own = environmentProxy(path);
    if (own !== null) return rejected(say("proxyNamed"), [own.id]);
    const tried = meet(facts, "attempt", "nothingConnected");
    if (tried.kind !== "met") return tried;
    const { value: attempt } = tried;
    if (attemptState(attempt, "connect") === "passed") {
      return rejected(say("directWorks"), [attempt.id]);
    }
    const setting = meet(facts, "windowsProxy");
    if (setting.kind !== "met") return setting;
    const host = hostEvidence(path);
    if (setting.value.proxy === null) {
      return setting.value.script === null
        ? rejected(say("noWindowsProxy"), host)
        : notChecked(say("script"));
    }
    const { proxy, proxyAttempt } = path;
    if (proxy?.origin !== "windows" || proxyAttempt === null) {
      return notChecked(say("notProbed"));
    }
    if (proxyState(proxyAttempt).kind !== "works") {
      return rejected(say("failsToo"), [proxyAttempt.id]);
    }
    const to = `http://${proxy.host}:${proxy.port}`;
    const safe = commandHost(proxy.host) !== null;
    return fires({
      confidence: "measured",
      segment: "linux-stack",
      between: null,
      direction: null,
      summary: say("found", {
        address: attempt.address,
        port: attempt.port,
        proxy: `${proxy.host}:${proxy.port}`,
      }),
      evidence: [attempt.id, proxy.id, proxyAttempt.id, ...host],
      fixes: safe
        ? [
            {
              where: "linux",
              title: say("useHere"),
              commands: [`export http_proxy=${to} https_proxy=${to}`],
              persistent: false,
            },
            {
              where: "linux",
              title: say("useAlways"),
              commands: [
                `printf 'http_proxy=${to}\\nhttps_proxy=${to}\\n' | sudo tee -a /etc/environment`,
              ],
              persistent: true,
            },
          ]
        : [],
    });
  },
});
