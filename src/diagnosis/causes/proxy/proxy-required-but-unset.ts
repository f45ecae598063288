// Direct connections are blocked, Windows' proxy passes the request, and the distro's programs have none configured.

import { attemptState } from "../../../facts/connection/attempt.ts";
import { environmentProxy, proxyState } from "../../../facts/connection/proxy-state.ts";
import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { cause } from "../../cause.ts";
import { measured } from "../../confidence.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";

/** What a host name or address may be, to be used in a command without quotes. */
const PLAIN_HOST = /^[a-z0-9.-]{1,253}$/;

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
    if (own !== null) return rejected("the environment names a proxy", [own.id]);
    const tried = meet(facts, "attempt", "nothingConnected");
    if (tried.kind !== "met") return tried;
    const { value: attempt } = tried;
    if (attemptState(attempt, "connect") === "passed") {
      return rejected("the direct connection works", [attempt.id]);
    }
    const setting = meet(facts, "windowsProxy");
    if (setting.kind !== "met") return setting;
    const host = hostEvidence(path);
    if (setting.value.proxy === null) {
      return setting.value.script === null
        ? rejected("Windows uses no proxy for this target", host)
        : notChecked("a script chooses Windows' proxy, and was not run");
    }
    const { proxy, proxyAttempt } = path;
    if (proxy?.origin !== "windows" || proxyAttempt === null) {
      return notChecked("Windows' proxy was not probed from here");
    }
    if (proxyState(proxyAttempt).kind !== "works") {
      return rejected("through Windows' proxy the request fails as well", [proxyAttempt.id]);
    }
    const to = `http://${proxy.host}:${proxy.port}`;
    const safe = PLAIN_HOST.test(proxy.host);
    return fires({
      confidence: measured(0.93),
      segment: "linux-stack",
      between: null,
      direction: null,
      summary: `connecting to ${attempt.address} port ${attempt.port} fails, and the same request through Windows' proxy ${proxy.host}:${proxy.port} is answered from the distro; no variable configures its programs to use it`,
      evidence: [attempt.id, proxy.id, proxyAttempt.id, ...host],
      fixes: safe
        ? [
            {
              where: "linux",
              title: "Use the proxy in this shell",
              commands: [`export http_proxy=${to} https_proxy=${to}`],
              persistent: false,
            },
            {
              where: "linux",
              title: "Use it at every login",
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
