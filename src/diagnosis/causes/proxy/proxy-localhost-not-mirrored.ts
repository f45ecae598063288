// Windows' proxy listens on Windows' loopback, which a distro behind NAT cannot reach.

import {
  environmentProxy,
  isLoopbackName,
  proxyName,
  proxyState,
} from "../../../facts/connection/proxy-state.ts";
import { hostEvidence } from "../../../facts/reach/path-host.ts";
import type { Path } from "../../../model/path.ts";
import { cause } from "../../cause.ts";
import { inferred, measured } from "../../confidence.ts";
import { fires, notChecked, type Outcome, rejected } from "../../outcome.ts";

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
      return rejected("Windows' proxy is not on its loopback", host);
    }
    if (relation?.kind !== "nat") {
      return relation?.kind === "same-host"
        ? rejected("the distro shares the host's addresses", host)
        : notChecked("how the distro is connected to the host is not known");
    }
    return judgeNat(path, relation.gateway, setting.proxy.port);
  },
});

function judgeNat(path: Path, gateway: string, port: number): Outcome {
  const own = environmentProxy(path);
  if (own !== null && !(isLoopbackName(own.host) && own.port === port)) {
    return rejected(`the environment names another proxy, ${proxyName(own)}`, [own.id]);
  }
  const state = proxyState(path.proxyAttempt);
  if (own !== null && state.kind === "open") return notChecked("the proxy was not probed");
  if (own !== null && state.kind !== "dead") {
    return rejected("something answers on the distro's own loopback", [own.id]);
  }
  const words = `Windows' programs use a proxy on its own loopback, port ${port}, which the distro behind NAT does not reach`;
  const rest =
    own === null
      ? "its environment names none"
      : `${own.variable} sends programs to that port of the distro's own loopback, where nothing answers`;
  return fires({
    severity: own === null ? "note" : "fault",
    confidence: own === null ? inferred(0.85) : measured(0.93),
    segment: "linux-stack",
    between: null,
    direction: null,
    summary: `${words}; ${rest}`,
    evidence: [...idOf(own), ...idOf(path.proxyAttempt), ...hostEvidence(path)],
    fixes: [
      {
        where: "windows",
        title: "Mirror Windows' network, loopback included (Windows 11 22H2 or later)",
        commands: [
          'Add-Content "$env:USERPROFILE\\.wslconfig" "`n[wsl2]`nnetworkingMode=mirrored"',
          "wsl --shutdown",
        ],
        persistent: true,
      },
      {
        where: "linux",
        title: "Or have the proxy listen on WSL's switch too, and name the host in this shell",
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
