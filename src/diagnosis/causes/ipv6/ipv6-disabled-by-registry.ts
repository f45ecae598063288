// Mirrored mode is configured, NAT is in force, and Windows' registry switches IPv6 off, which mirroring needs.

import { hostEvidence, settingsOf } from "../../../facts/reach/path-host.ts";
import { vantageFacts } from "../../../facts/vantage.ts";
import { registryNumber } from "../../../host/wsl-settings.ts";
import { cause } from "../../cause.ts";
import { aged } from "../../confidence.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const ipv6DisabledByRegistry = cause({
  id: "ipv6-disabled-by-registry",
  area: "ipv6",
  title: "Windows' registry switches IPv6 off, and mirrored mode with it",
  segment: "windows-stack",
  severity: "note",
  direction: null,
  dependsOn: [],
  differentialCauses: [],
  needs: ["snapshot"],
  judge: ({ path }, { snapshot }) => {
    const value = registryNumber(snapshot, "Tcpip6\\Parameters", "DisabledComponents");
    if (value === null || (value & ALL_OFF) !== ALL_OFF) {
      return rejected(say("notSwitchedOff"), hostEvidence(path));
    }
    const mode = settingsOf(path)?.get("wsl2.networkingmode")?.toLowerCase();
    if (mode === undefined) return notChecked(say("noModeConfigured"));
    if (mode !== "mirrored") return rejected(say("notMirrored"), hostEvidence(path));
    const inForce = vantageFacts(path)?.networkingMode ?? null;
    if (inForce === null) return notChecked(say("modeUnknown"));
    if (inForce === "mirrored") return rejected(say("mirroredInForce"), hostEvidence(path));
    return fires({
      confidence: aged(path, "inferred"),
      segment: "windows-stack",
      between: null,
      direction: null,
      summary: say("found", { inForce, value }),
      evidence: [...(path.vantage === null ? [] : [path.vantage.id]), ...hostEvidence(path)],
      fixes: [
        {
          where: "windows-admin",
          title: say("enable"),
          commands: [
            "Remove-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Tcpip6\\Parameters' DisabledComponents",
          ],
          persistent: true,
        },
      ],
    });
  },
});

/** Every component (Microsoft Learn, "Guidance for configuring IPv6 in Windows"). */
const ALL_OFF = 0xff;
