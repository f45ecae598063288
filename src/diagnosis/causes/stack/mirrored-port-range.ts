// Mirrored mode: the distro's programs get source ports that Windows did not reserve for it.

import { isDefaultUnheard, tcpFlows } from "../../../facts/loss/tcp-flows.ts";
import { isExactRange, sourcePorts } from "../../../facts/reach/source-ports.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

const SYSCTL = "net.ipv4.ip_local_port_range";

export const mirroredPortRange = cause({
  id: "mirrored-port-range",
  area: "stack",
  title: "The distro's source ports leave the range that Windows reserved for it",
  segment: "linux-stack",
  severity: "fault",
  direction: "inbound",
  dependsOn: [],
  differentialCauses: ["port-filtered", "ecmp-branch-broken", "new-connections-lost"],
  needs: ["mirrored"],
  judge: ({ path }) => {
    const ports = sourcePorts(path);
    const local = path.localPorts;
    if (ports === null || local === null) return notChecked(say("notTried"));
    const { answered, evidence } = ports;
    if (answered === null) return rejected(say("noneAnswered"), evidence);
    if (ports.hasHoles) return rejected(say("noRange"), evidence);
    const { first, last } = answered;
    if (local.first >= first && local.last <= last) return rejected(say("inside"), evidence);
    return fires({
      confidence: isExactRange(ports) ? "exact" : "measured",
      severity: isDefaultUnheard(path) ? "fault" : "warning",
      segment: "linux-stack",
      between: null,
      direction: "inbound",
      summary: say("found", {
        sysctl: SYSCTL,
        local: { first: local.first, last: local.last },
        answered: { first, last },
        isExact: isExactRange(ports),
        some: tcpFlows(path).passing.length > 0,
      }),
      evidence: [local.id, ...evidence],
      fixes: [
        {
          where: "linux",
          title: say("useReserved"),
          commands: [`sudo sysctl -w ${SYSCTL}="${first} ${last}"`],
          persistent: false,
        },
        {
          where: "linux",
          title: say("findSetting"),
          commands: [
            "grep -rs ip_local_port_range /etc/sysctl.conf /etc/sysctl.d /usr/lib/sysctl.d",
          ],
          persistent: true,
        },
      ],
    });
  },
});
