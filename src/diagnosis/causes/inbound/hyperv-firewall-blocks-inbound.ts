// The Hyper-V firewall drops what other machines send to the distro, by its default.

import { hostRows } from "../../../facts/service/service.ts";
import { cause } from "../../cause.ts";
import { aged } from "../../confidence.ts";
import { fix } from "../../fixes.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { asReported, say } from "../../words.ts";

/** WSL's VMs, to the Hyper-V firewall (Microsoft: "Accessing network applications with WSL"). */
const WSL = "{40e0ac32-46a5-438a-a0b2-2b479e8f2e90}";

export const hypervFirewallBlocksInbound = cause({
  id: "hyperv-firewall-blocks-inbound",
  area: "inbound",
  title: "The Hyper-V firewall drops connections to the distro from other machines",
  segment: "vswitch",
  severity: "fault",
  direction: "inbound",
  dependsOn: [],
  differentialCauses: [
    "guest-bound-to-loopback",
    "linux-firewall-in-distro",
    "mirrored-port-conflict",
  ],
  needs: ["service", "mirrored"],
  judge: ({ path }, { service: known }) => {
    const firewalls = hostRows(path, (host) => host.hyperVFirewalls);
    if (!firewalls.known) return notChecked(asReported(firewalls));
    const own = firewalls.rows.find(({ name }) => name.toLowerCase() === WSL);
    if (own === undefined) return notChecked(say("noRow"));
    const isOn = own.enabled !== false && own.defaultInbound === "block";
    if (!isOn) return rejected(say("allows"), [firewalls.id]);
    return fires({
      // A rule may let the port through; nothing here sees what another machine gets.
      confidence: aged(path, "candidate"),
      // By default it is so for everybody: who asks for Windows alone is not stopped by it.
      severity: known.from === "windows" ? "note" : "fault",
      segment: "vswitch",
      between: null,
      direction: "inbound",
      summary: say("found", { port: known.port }),
      evidence: [firewalls.id, known.service.id],
      fixes: [
        fix({
          where: "windows-admin",
          title: say("letIn"),
          commands: [
            `New-NetFirewallHyperVRule -Name "WSL-${known.port}" -DisplayName "WSL port ${known.port}" -Direction Inbound -VMCreatorId '${WSL.toUpperCase()}' -Protocol TCP -LocalPorts ${known.port}`,
          ],
          persistent: true,
        }),
        fix({
          where: "windows-admin",
          title: say("showRules"),
          commands: [
            `Get-NetFirewallHyperVRule -VMCreatorId '${WSL.toUpperCase()}' | Format-List Name,Direction,Action,LocalPorts`,
          ],
          persistent: false,
        }),
      ],
    });
  },
});
