// A service that WSL's network is made by is disabled in Windows.

import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { readHost } from "../../../host/host.ts";
import type { ServiceRow } from "../../../host/rows/service.ts";
import { rowsOf, whyUnread } from "../../../host/sources.ts";
import { cause } from "../../cause.ts";
import { aged } from "../../confidence.ts";
import { fix } from "../../fixes.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

/** Internet Connection Sharing, the Host Network Service, Hyper-V's compute service: WSL's NAT and switch are theirs. */
const SERVICES = ["sharedaccess", "hns", "vmcompute"];

export const natServiceDisabled = cause({
  id: "nat-service-disabled",
  area: "wsl-network",
  title: "A service of Windows that makes WSL's network is disabled",
  segment: "nat",
  severity: "fault",
  direction: "both",
  dependsOn: ["networking-none"],
  differentialCauses: ["nat-fallback-changed-mode", "host-forwarding-blocked"],
  needs: ["snapshot", "brokenNetwork"],
  judge: ({ path }, { snapshot, brokenNetwork }) => {
    const source = readHost(snapshot).services;
    const unread = whyUnread(source);
    if (unread !== null) return notChecked(say("unread", { reason: unread }));
    const disabled = rowsOf(source).filter(isDisabled);
    if (disabled.length === 0) return rejected(say("noneDisabled"), hostEvidence(path));
    const names = disabled.map(
      ({ name }) => SERVICES.find((one) => one === name.toLowerCase()) ?? "",
    );
    return fires({
      confidence: aged(path, "measured"),
      segment: "nat",
      between: null,
      direction: "both",
      summary: say("found", {
        services: disabled.map(({ name }) => name),
        gets: brokenNetwork.gets,
      }),
      evidence: [...hostEvidence(path), ...brokenNetwork.evidence],
      fixes: [
        fix({
          where: "windows-admin",
          title: say("enable"),
          commands: [
            ...names.flatMap((name) => [
              `Set-Service ${name} -StartupType Manual`,
              `Start-Service ${name}`,
            ]),
            "wsl --shutdown",
          ],
          persistent: true,
        }),
      ],
    });
  },
});

/** ServiceStartMode of .NET: 4 is Disabled. */
function isDisabled({ name, running, startType }: ServiceRow): boolean {
  const start = startType?.toLowerCase();
  const isOff = start === "disabled" || start === "4";
  return SERVICES.includes(name.toLowerCase()) && running === false && isOff;
}
