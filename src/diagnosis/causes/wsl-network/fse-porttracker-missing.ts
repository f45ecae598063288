// The registry tells Windows to track ports by a service that is not installed: mirrored mode carries nothing.

import { hostEvidence, settingsOf } from "../../../facts/reach/path-host.ts";
import { isMirrored } from "../../../facts/vantage.ts";
import { readHost } from "../../../host/host.ts";
import { rowsOf, whyUnread } from "../../../host/sources.ts";
import { registryNumber } from "../../../host/wsl-settings.ts";
import { cause } from "../../cause.ts";
import { aged } from "../../confidence.ts";
import { fix } from "../../fixes.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { askedMode } from "./mode.ts";

const KEY = "Tcpip\\Parameters";
const VALUE = "PortTrackerEnabledMode";

export const fsePorttrackerMissing = cause({
  id: "fse-porttracker-missing",
  area: "wsl-network",
  title: "Mirrored mode is dead: Windows tracks ports by a service that it lacks",
  segment: "windows-stack",
  severity: "fault",
  direction: "both",
  dependsOn: ["networking-none", "nat-service-disabled"],
  differentialCauses: ["nat-fallback-changed-mode", "mirrored-routes-lost"],
  needs: ["snapshot"],
  judge: (facts, { snapshot }) => {
    const { path } = facts;
    const settings = settingsOf(path);
    const asked = settings === null ? null : askedMode(settings);
    if (asked !== "mirrored" && !isMirrored(path))
      return rejected(say("otherMode"), hostEvidence(path));
    const host = readHost(snapshot);
    const unread = whyUnread(host.registry) ?? whyUnread(host.services);
    if (unread !== null) return notChecked(say("unread", { reason: unread }));
    if (registryNumber(snapshot, KEY, VALUE) === null) {
      return rejected(say("notSet"), hostEvidence(path));
    }
    if (rowsOf(host.services).some(({ name }) => name.toLowerCase() === "fse")) {
      return rejected(say("hasService"), hostEvidence(path));
    }
    const { guest } = facts;
    if (guest.beyond.state === "yes" || guest.elsewhere.state === "yes") {
      return rejected(say("works"), [...guest.beyond.evidence, ...guest.elsewhere.evidence]);
    }
    return fires({
      confidence: aged(path, "measured"),
      segment: "windows-stack",
      between: null,
      direction: "both",
      summary: say("found"),
      evidence: [...hostEvidence(path), ...guest.beyond.evidence],
      fixes: [
        fix({
          where: "windows-admin",
          title: say("remove"),
          commands: [
            `Remove-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\${KEY}' -Name ${VALUE}`,
            "Restart-Computer",
          ],
          persistent: true,
        }),
      ],
    });
  },
});
