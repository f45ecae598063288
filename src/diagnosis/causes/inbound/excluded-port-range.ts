// Windows keeps the port for itself, so that nothing there can listen on it in the distro's name.

import { hostRows } from "../../../facts/service/service.ts";
import { cause } from "../../cause.ts";
import { aged } from "../../confidence.ts";
import { fix } from "../../fixes.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { localhostSeverity } from "../../service-severity.ts";
import { asReported, say } from "../../words.ts";

export const excludedPortRange = cause({
  id: "excluded-port-range",
  area: "inbound",
  title: "The port lies in a range that Windows excludes from use",
  segment: "windows-stack",
  severity: "fault",
  direction: "inbound",
  dependsOn: [],
  differentialCauses: ["localhost-forwarding-broken", "mirrored-port-conflict"],
  needs: ["service"],
  judge: ({ path }, { service: known }) => {
    const { port, localhost, mode, service } = known;
    if (mode === "wsl1" || mode === "unknown") return notChecked(say("notForwarded"));
    const ranges = hostRows(path, (host) => host.excludedPortRanges);
    if (!ranges.known) return notChecked(asReported(ranges));
    const range = ranges.rows.find(
      ({ startPort, endPort }) => startPort <= port && port <= endPort,
    );
    if (range === undefined) return rejected(say("outside"), [ranges.id]);
    const tried = known.ways
      .filter(({ kind }) => kind === "windows-localhost")
      .flatMap(({ evidence }) => evidence);
    if (localhost === "yes") return rejected(say("reached"), [ranges.id, ...tried]);
    if (localhost === "unknown") return notChecked(say("notTried"));
    return fires({
      confidence: aged(path, "measured"),
      severity: localhostSeverity(known),
      segment: "windows-stack",
      between: null,
      direction: "inbound",
      summary: say("found", { port, first: range.startPort, last: range.endPort }),
      evidence: [ranges.id, ...tried, service.id],
      fixes: [
        fix({
          where: "windows-admin",
          title: say("dealAnew"),
          commands: ["net stop winnat", "net start winnat"],
          persistent: false,
        }),
        fix({
          where: "windows-admin",
          title: say("reserve"),
          commands: [
            "net stop winnat",
            `netsh interface ipv4 add excludedportrange protocol=tcp startport=${port} numberofports=1 store=persistent`,
            "net start winnat",
          ],
          persistent: true,
        }),
      ],
    });
  },
});
