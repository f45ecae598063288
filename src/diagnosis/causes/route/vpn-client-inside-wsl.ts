// A VPN that runs in the distro carries the route to the target, and nothing beyond the tunnel answers.

import { tracedLookup } from "../../../facts/connection/subject.ts";
import { isOfWindows, tunnelOn } from "../../../facts/reach/distro-tunnel.ts";
import { firstReply } from "../../../facts/reach/reach.ts";
import { cause } from "../../cause.ts";
import { meet } from "../../needs/needs.ts";
import { fires, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const vpnClientInsideWsl = cause({
  id: "vpn-client-inside-wsl",
  area: "route",
  title: "A VPN that runs in the distro carries the route, and nothing beyond it answers",
  segment: "linux-stack",
  severity: "fault",
  direction: "outbound",
  dependsOn: ["no-default-route"],
  differentialCauses: ["destination-down", "upstream-unreachable", "dns-server-unreachable"],
  // In WSL1 every adapter is Windows' own.
  needs: ["wsl2", { need: "attempt", reason: "nothingConnected" }],
  judge: (facts) => {
    const { reach } = facts;
    // Silent name servers alone do not convict it: they are silent for reasons of their own, and nothing else was sent.
    const lookup = tracedLookup(facts.path);
    const device = tunnelOn(facts.path, lookup);
    if (device === null) {
      const isRoute = lookup?.outcome.kind === "route";
      return rejected(say("noTunnel"), isRoute ? [lookup.id] : []);
    }
    if (isOfWindows(facts.path, device.name)) {
      return rejected(say("ofWindows", { device: device.name }), device.evidence);
    }
    const failure = meet(facts, "failure");
    if (failure.kind !== "met") return failure;
    const [other] = reach.elsewhere;
    const replied = firstReply(facts.path);
    if (other === undefined && replied !== undefined) {
      return rejected(say("beyondAnswers", { device: device.name }), [replied.id]);
    }
    return fires({
      confidence: other === undefined ? "candidate" : "measured",
      segment: "linux-stack",
      between: null,
      direction: "outbound",
      summary: say("found", {
        device: device.name,
        address: reach.address,
        answersBy: other?.device ?? null,
      }),
      evidence: [...device.evidence, ...failure.value, ...(other === undefined ? [] : [other.id])],
      fixes: [],
    });
  },
});
