// Mirrored mode: the target answers everything but TCP, of which Windows gets its own answers over the same adapter.

import { portReachedByHost } from "../../../facts/reach/both-vantages.ts";
import { hostEvidence } from "../../../facts/reach/path-host.ts";
import type { Path } from "../../../model/path.ts";
import { cause } from "../../cause.ts";
import { fix } from "../../fixes.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { OWN_STACK, WINDOWS_FILTERS, WRONG_ROUTE } from "../groups.ts";

/** The maker whose adapters the report is about (microsoft/WSL issue 40998). */
const REPORTED = /realtek/i;

export const mirroredTcpDeadIcmpAlive = cause({
  id: "mirrored-tcp-dead-icmp-alive",
  area: "mirrored",
  title: "No TCP answer reaches the mirrored distro over a Realtek adapter of Windows",
  segment: "linux-nic",
  severity: "fault",
  direction: null,
  dependsOn: [...WRONG_ROUTE, ...OWN_STACK, ...WINDOWS_FILTERS],
  differentialCauses: [
    "port-filtered",
    "mirrored-port-range",
    "linux-firewall-in-distro",
    "hyperv-firewall-blocks-outbound",
  ],
  needs: ["mirrored", "reach"],
  judge: (facts, { reach }) => {
    const { path } = facts;
    if (reach.connect !== "silent") return rejected(say("notSilent"), []);
    const { alive } = reach;
    if (alive === null) return notChecked(say("nothingAlive"));
    const answered = tcpAnswer(path);
    if (answered !== undefined) return rejected(say("tcpAnswered"), [answered]);
    const found = meet(facts, "vpn");
    if (found.kind !== "met") return found;
    const { adapter } = found.value;
    if (!REPORTED.test(adapter.description ?? "")) {
      return rejected(say("otherMaker", { adapter: adapter.name }), hostEvidence(path));
    }
    const windows = portReachedByHost(path);
    if (windows === null) return notChecked(say("windowsUnknown"));
    return fires({
      // A filter of Windows that is about TCP alone looks the same.
      confidence: "candidate",
      segment: "linux-nic",
      between: null,
      direction: null,
      summary: say("found", {
        address: reach.address,
        adapter: adapter.description,
        windows: windows.reason,
      }),
      evidence: [
        ...(reach.connectId === null ? [] : [reach.connectId]),
        alive.id,
        ...windows.evidence,
        ...hostEvidence(path),
      ],
      fixes: [SEE_DRIVER, USE_NAT],
    });
  },
});

/** Of any port and any host: the defect leaves none. */
function tcpAnswer(path: Path): string | undefined {
  const probe = path.probes.find(
    ({ protocol, outcome }) => protocol === "tcp" && outcome.kind === "reply",
  );
  const connected = path.attempts
    .flatMap(({ stages }) => stages)
    .find(({ stage, result }) => stage === "connect" && result.kind !== "no-reply");
  return probe?.id ?? connected?.id;
}

const SEE_DRIVER = fix({
  where: "windows",
  title: say("seeDriver"),
  commands: [
    "Get-NetAdapter -Physical | Format-Table Name, InterfaceDescription, DriverVersion, DriverDate, DriverFileName",
  ],
  persistent: false,
});

const USE_NAT = fix({
  where: "windows",
  title: say("useNat"),
  commands: [
    'Add-Content "$env:USERPROFILE\\.wslconfig" "`n[wsl2]`nnetworkingMode=nat"',
    "wsl --shutdown",
  ],
  persistent: true,
});
