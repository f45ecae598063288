// Mirrored mode is configured, NAT is in force, and Windows' registry switches IPv6 off, which mirroring needs.

import { hostEvidence, settingsOf } from "../../../facts/reach/path-host.ts";
import { vantageFacts } from "../../../facts/vantage.ts";
import { registryNumber } from "../../../host/wsl-settings.ts";
import { cause } from "../../cause.ts";
import { aged, inferred } from "../../confidence.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";

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
      return rejected("the registry does not switch IPv6 off", hostEvidence(path));
    }
    const mode = settingsOf(path)?.get("wsl2.networkingmode")?.toLowerCase();
    if (mode === undefined)
      return notChecked("the snapshot does not show which mode is configured");
    if (mode !== "mirrored") return rejected("mirrored mode is not configured", hostEvidence(path));
    const inForce = vantageFacts(path)?.networkingMode ?? null;
    if (inForce === null) return notChecked("which mode is in force is not known");
    if (inForce === "mirrored") return rejected("mirrored mode is in force", hostEvidence(path));
    return fires({
      confidence: aged(path, inferred(0.92)),
      segment: "windows-stack",
      between: null,
      direction: null,
      summary: `.wslconfig sets mirrored mode and ${inForce} is in force: DisabledComponents 0x${value.toString(16)} of Tcpip6 switches IPv6 off in Windows, which mirroring needs`,
      evidence: [...(path.vantage === null ? [] : [path.vantage.id]), ...hostEvidence(path)],
      fixes: [
        {
          where: "windows-admin",
          title: "Enable IPv6 in Windows again (then restart it)",
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
