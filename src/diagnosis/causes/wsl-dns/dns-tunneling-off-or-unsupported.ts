// .wslconfig enables DNS tunnelling, and it is not in force in the distro.

import { configuredResolver } from "../../../facts/dns/configured-resolver.ts";
import type { Facts } from "../../../facts/facts.ts";
import { hostEvidence, settingsOf } from "../../../facts/reach/path-host.ts";
import { formatAge } from "../../../facts/snapshot-age.ts";
import { readHost } from "../../../host/host.ts";
import { switchOf } from "../../../host/ini.ts";
import { rowsOf } from "../../../host/sources.ts";
import { windowsBuild } from "../../../host/wsl-settings.ts";
import { cause } from "../../cause.ts";
import { aged, exact, inferred } from "../../confidence.ts";
import { meet } from "../../needs/needs.ts";
import { atResolver, notChecked, rejected } from "../../outcome.ts";

export const dnsTunnelingOffOrUnsupported = cause({
  id: "dns-tunneling-off-or-unsupported",
  area: "wsl-dns",
  title: "DNS tunnelling is enabled in .wslconfig and is not in force",
  segment: "resolver",
  severity: "note",
  direction: null,
  dependsOn: [],
  differentialCauses: ["nrpt-only-vpn-dns", "dns-server-unreachable"],
  needs: [],
  judge: (facts) => {
    const { path } = facts;
    const settings = settingsOf(path);
    if (settings === null) return notChecked("the snapshot does not hold .wslconfig");
    const wanted =
      switchOf(settings, "wsl2.dnsTunneling") ?? switchOf(settings, "experimental.dnsTunneling");
    if (wanted !== true) {
      return rejected(".wslconfig does not enable DNS tunnelling", hostEvidence(path));
    }
    const file = meet(facts, "resolverFile");
    if (file.kind !== "met") return file;
    const { value: config } = file;
    if (path.vantage?.vantage === "wsl1") return rejected("WSL1 has no tunnel", [path.vantage.id]);
    const resolver = configuredResolver(facts.path);
    if (resolver.kind === "tunnel")
      return rejected(`${resolver.server} is the tunnel`, [config.id]);
    // The stub may hand on to the tunnel, which the file does not show.
    if (resolver.kind === "stub") return notChecked("a local stub hides its upstream servers");
    const reason = reasonOf(facts);
    return atResolver({
      severity: "note",
      confidence: aged(path, reason === null ? inferred(0.7) : exact(0.9)),
      summary: `.wslconfig has dnsTunneling=true, and resolv.conf names ${config.servers.join(", ") || "no server"} instead of the tunnel${reason === null ? "; the reason is not in the snapshot (WSL started before the setting, or an older WSL)" : `: ${reason}`}${formatAge(path)}`,
      evidence: [config.id, ...hostEvidence(path)],
      fixes: [
        {
          where: "windows",
          title: "Restart WSL with the newest version",
          commands: ["wsl --update", "wsl --shutdown"],
          persistent: true,
        },
      ],
    });
  },
});

/** Windows 11 22H2, which brought DnsQueryRaw (MicrosoftDocs/WSL, networking.md). */
const TUNNEL_BUILD = 22_621;

function reasonOf({ path }: Facts): string | null {
  const generate = path.vantage?.wslConf?.["network.generateresolvconf"];
  if (generate !== undefined && ["false", "0"].includes(generate.toLowerCase())) {
    return "/etc/wsl.conf has generateResolvConf=false, which switches the tunnel off";
  }
  const snapshot = path.host?.snapshot ?? null;
  if (snapshot === null) return null;
  const build = windowsBuild(snapshot);
  if (build !== null && build < TUNNEL_BUILD) {
    return `Windows build ${build} is older than ${TUNNEL_BUILD} (11 22H2), which the tunnel needs`;
  }
  const secure = rowsOf(readHost(snapshot).services).find(
    ({ name }) => name.toLowerCase() === "globalsecureaccesstunnelingservice",
  );
  return secure?.running === true
    ? "Global Secure Access is running, and WSL then leaves the tunnel off"
    : null;
}
