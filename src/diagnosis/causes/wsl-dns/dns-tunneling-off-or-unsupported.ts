// .wslconfig enables DNS tunnelling, and it is not in force in the distro.

import { configuredResolver } from "../../../facts/dns/configured-resolver.ts";
import type { Facts } from "../../../facts/facts.ts";
import { hostEvidence, settingsOf } from "../../../facts/reach/path-host.ts";
import { snapshotAge } from "../../../facts/snapshot-age.ts";
import { readHost } from "../../../host/host.ts";
import { switchOf } from "../../../host/ini.ts";
import { rowsOf } from "../../../host/sources.ts";
import { windowsBuild } from "../../../host/wsl-settings.ts";
import { cause } from "../../cause.ts";
import { aged } from "../../confidence.ts";
import { meet } from "../../needs/needs.ts";
import { atResolver, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

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
    if (settings === null) return notChecked(say("noSettings"));
    const wanted =
      switchOf(settings, "wsl2.dnsTunneling") ?? switchOf(settings, "experimental.dnsTunneling");
    if (wanted !== true) {
      return rejected(say("notEnabled"), hostEvidence(path));
    }
    const file = meet(facts, "resolverFile");
    if (file.kind !== "met") return file;
    const { value: config } = file;
    if (path.vantage?.vantage === "wsl1") return rejected(say("wsl1"), [path.vantage.id]);
    const resolver = configuredResolver(facts.path);
    if (resolver.kind === "tunnel")
      return rejected(say("isTunnel", { server: resolver.server }), [config.id]);
    // The stub may hand on to the tunnel, which the file does not show.
    if (resolver.kind === "stub") return notChecked(say("stub"));
    const reason = reasonOf(facts);
    return atResolver({
      severity: "note",
      confidence: aged(path, reason === null ? "inferred" : "exact"),
      summary: say("found", { servers: config.servers, reason, age: snapshotAge(path) }),
      evidence: [config.id, ...hostEvidence(path)],
      fixes: [
        {
          where: "windows",
          title: say("update"),
          commands: ["wsl --update", "wsl --shutdown"],
          persistent: true,
        },
      ],
    });
  },
});

/** Windows 11 22H2, which brought DnsQueryRaw (MicrosoftDocs/WSL, networking.md). */
const TUNNEL_BUILD = 22_621;

/** Why it is not in force, as far as the snapshot and /etc/wsl.conf show it. */
export type Reason =
  | { readonly kind: "no-generated-file" }
  | { readonly kind: "old-windows"; readonly build: number; readonly needed: number }
  | { readonly kind: "global-secure-access" };

function reasonOf({ path }: Facts): Reason | null {
  const generate = path.vantage?.wslConf?.["network.generateresolvconf"];
  if (generate !== undefined && ["false", "0"].includes(generate.toLowerCase())) {
    return { kind: "no-generated-file" };
  }
  const snapshot = path.host?.snapshot ?? null;
  if (snapshot === null) return null;
  const build = windowsBuild(snapshot);
  if (build !== null && build < TUNNEL_BUILD) {
    return { kind: "old-windows", build, needed: TUNNEL_BUILD };
  }
  const secure = rowsOf(readHost(snapshot).services).find(
    ({ name }) => name.toLowerCase() === "globalsecureaccesstunnelingservice",
  );
  return secure?.running === true ? { kind: "global-secure-access" } : null;
}
