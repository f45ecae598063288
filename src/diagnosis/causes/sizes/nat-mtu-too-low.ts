// WSL gave the distro's card the MTU of an adapter that the packets do not cross, and it is as small as IPv6 allows.

import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { cause } from "../../cause.ts";
import { aged } from "../../confidence.ts";
import { fix } from "../../fixes.ts";
import { meet } from "../../needs/needs.ts";
import { fires, rejected } from "../../outcome.ts";
import { asReported, say } from "../../words.ts";
import { wslMtu } from "./wsl-mtu.ts";

/** The smallest MTU of a link that carries IPv6 (RFC 8200 s.5): what is put into packets of it is smaller. */
const IPV6_MIN_MTU = 1280;

export const natMtuTooLow = cause({
  id: "nat-mtu-too-low",
  area: "sizes",
  title: "WSL copied a small MTU from an adapter of Windows that is not on the path",
  segment: "vswitch",
  severity: "note",
  direction: "outbound",
  dependsOn: [],
  differentialCauses: ["nat-mtu-sync-stale", "mss-clamped"],
  needs: [],
  judge: (facts) => {
    const { path } = facts;
    const found = wslMtu(facts);
    if (found.kind !== "met") return rejected(say("notCopied"), []);
    const { device, mtu, smallest, evidence } = found.value;
    if (mtu > IPV6_MIN_MTU || mtu !== smallest.mtu) {
      return rejected(say("otherSize", { device, mtu }), evidence);
    }
    const onPath = meet(facts, "vpn");
    if (onPath.kind !== "met") return onPath;
    const { adapter } = onPath.value;
    const own = adapter.mtu[4] ?? adapter.driverMtu;
    if (adapter.name === smallest.name || own === null || own <= mtu) {
      return rejected(asReported({ reason: onPath.value.evidence[0] ?? "" }), evidence);
    }
    return fires({
      confidence: aged(path, "inferred"),
      segment: "vswitch",
      between: null,
      direction: "outbound",
      summary: say("found", {
        ...{ device, mtu },
        ...{ smallest: smallest.name, crossed: adapter.name, crossedMtu: own },
      }),
      evidence: [...evidence, ...hostEvidence(path)],
      fixes: [
        fix({
          where: "windows",
          title: say("seeMtus"),
          commands: [
            "Get-NetIPInterface -ConnectionState Connected | Sort-Object NlMtu | Format-Table InterfaceAlias, AddressFamily, NlMtu",
          ],
          persistent: false,
        }),
      ],
    });
  },
});
