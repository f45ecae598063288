// Windows' proxy listens on Windows' loopback, which a distro behind NAT cannot reach.

import { defaultEnding } from "../../../facts/connection/ending.ts";
import {
  directWorks,
  environmentProxy,
  environmentProxyState,
  isLoopbackName,
  proxyAttemptIds,
  proxyName,
} from "../../../facts/connection/proxy-state.ts";
import { guestView, hostEvidence } from "../../../facts/reach/path-host.ts";
import type { Path } from "../../../model/path.ts";
import { cause } from "../../cause.ts";
import { commandAddress } from "../../command-values.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { withoutProxy } from "./without-proxy.ts";

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
    const gateways = [...(guestView(path).gateways ?? []), relation.gateway];
    // As people write it; every proxy that listens on the switch does so over IPv4.
    const gateway = gateways.find((address) => !address.includes(":")) ?? relation.gateway;
    return judgeNat(path, gateway, setting.proxy.port);
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
      ...linuxFixes(path, own !== null, { gateway, port }),
    ],
  });
}

/** Without a proxy where that works: then none of Windows' is needed. */
function linuxFixes(
  path: Path,
  isSet: boolean,
  { gateway, port }: { readonly gateway: string; readonly port: number },
) {
  const isOpen = isSet ? directWorks(path) === true : defaultEnding(path).kind === "answered";
  if (isOpen) return isSet ? withoutProxy(path) : [];
  const address = commandAddress(gateway);
  if (address === null) return [];
  const proxy = `http://${bracketed(address)}:${port}`;
  return [
    {
      where: "linux",
      title: say("listenOnSwitch"),
      commands: [`export http_proxy=${proxy} https_proxy=${proxy}`],
      persistent: false,
    },
  ] as const;
}

function idOf(seen: { readonly id: string } | null): readonly string[] {
  return seen === null ? [] : [seen.id];
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
