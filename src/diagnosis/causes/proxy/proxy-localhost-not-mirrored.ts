// Windows' proxy listens on Windows' loopback, which a distro behind NAT cannot reach.

import {
  environmentProxy,
  environmentProxyState,
  isLoopbackName,
  proxyAttemptIds,
  proxyName,
} from "../../../facts/connection/proxy-state.ts";
import { hostEvidence } from "../../../facts/reach/path-host.ts";
import type { Path } from "../../../model/path.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const proxyLocalhostNotMirrored = cause({
  id: "proxy-localhost-not-mirrored",
  area: "proxy",
  title: "Windows' proxy is on its own loopback, unreachable from behind NAT",
  segment: "linux-stack",
  severity: "fault",
  direction: null,
  dependsOn: [],
  differentialCauses: ["proxy-set-but-dead", "autoproxy-stale"],
  needs: ["windowsProxy"],
  judge: ({ path, relation }, { windowsProxy: setting }) => {
    const host = hostEvidence(path);
    if (setting.proxy === null || !setting.proxy.loopback) {
      return rejected(say("notOnLoopback"), host);
    }
    if (relation?.kind !== "nat") {
      return relation?.kind === "same-host"
        ? rejected(say("sameAddresses"), host)
        : notChecked(say("relationUnknown"));
    }
    return judgeNat(path, relation.gateway, setting.proxy.port);
  },
});

function judgeNat(path: Path, gateway: string, port: number) {
  const own = environmentProxy(path);
  if (own !== null && !(isLoopbackName(own.host) && own.port === port)) {
    return rejected(say("otherProxy", { proxy: proxyName(own) }), [own.id]);
  }
  const state = environmentProxyState(path);
  if (own !== null && state.kind === "open") return notChecked(say("notProbed"));
  if (own !== null && state.kind !== "dead") {
    return rejected(say("ownLoopbackAnswers"), [own.id]);
  }
  return fires({
    severity: own === null ? "note" : "fault",
    confidence: own === null ? "inferred" : "measured",
    segment: "linux-stack",
    between: null,
    direction: null,
    summary: say("found", { port, variable: own?.variable ?? null }),
    evidence: [...idOf(own), ...proxyAttemptIds(path), ...hostEvidence(path)],
    fixes: [
      {
        where: "windows",
        title: say("mirror"),
        commands: [
          'Add-Content "$env:USERPROFILE\\.wslconfig" "`n[wsl2]`nnetworkingMode=mirrored"',
          "wsl --shutdown",
        ],
        persistent: true,
      },
      {
        where: "linux",
        title: say("listenOnSwitch"),
        commands: [`export https_proxy=http://${bracketed(gateway)}:${port}`],
        persistent: false,
      },
    ],
  });
}

function idOf(seen: { readonly id: string } | null): readonly string[] {
  return seen === null ? [] : [seen.id];
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
