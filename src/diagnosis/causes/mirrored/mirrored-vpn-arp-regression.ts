// Mirrored mode: Windows reaches the target through its VPN, and answers no ARP for the VPN's next hop.

import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { firstReply } from "../../../facts/reach/reach.ts";
import { cause } from "../../cause.ts";
import { commandAddress } from "../../command-values.ts";
import { fix } from "../../fixes.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { asReported, say, sayNeed } from "../../words.ts";
import { NO_ADDRESS_OF_WSL } from "../groups.ts";

export const mirroredVpnArpRegression = cause({
  id: "mirrored-vpn-arp-regression",
  area: "mirrored",
  title: "Windows answers the mirrored distro no ARP for the next hop of its VPN",
  segment: "linux-nic",
  severity: "fault",
  direction: "outbound",
  dependsOn: ["no-default-route", "mirrored-routes-lost", ...NO_ADDRESS_OF_WSL],
  differentialCauses: [
    "gateway-unreachable",
    "mirrored-wrong-source-address",
    "vpn-tunnel-dead",
    "destination-down",
  ],
  needs: ["mirrored", "reach"],
  judge: (facts, { reach }) => {
    const { path, lookup, host } = facts;
    if (lookup?.outcome.kind !== "route") return notChecked(sayNeed("noRouteToFollow"));
    const unanswered = reach.refusals.find(({ own, says }) => own && says === "host");
    if (unanswered === undefined) return notChecked(say("noNeighbourFailure"));
    const replied = firstReply(path);
    if (replied !== undefined) return rejected(say("beyondAnswers"), [replied.id]);
    const vpn = meet(facts, "vpn");
    if (vpn.kind !== "met") return vpn;
    const { adapter, inVpn } = vpn.value;
    if (!inVpn) return rejected(say("notInVpn", { adapter: adapter.name }), hostEvidence(path));
    const { interface: device, source, gateway } = lookup.outcome;
    if (!adapter.addresses.some(({ address }) => address === source)) {
      return rejected(say("otherCard", { device, adapter: adapter.name }), [lookup.id]);
    }
    const { target: windows } = host;
    if (windows.state === "unknown") return notChecked(asReported(windows));
    if (windows.state === "no") return rejected(asReported(windows), windows.evidence);
    const hop = gateway ?? reach.address;
    return fires({
      confidence: windows.fresh ? "measured" : "inferred",
      segment: "linux-nic",
      between: null,
      direction: "outbound",
      summary: say("found", { hop, device, adapter: adapter.name, windows: windows.reason }),
      evidence: [lookup.id, unanswered.id, ...windows.evidence, ...hostEvidence(path)],
      fixes: [...readNeighbour(hop), USE_NAT],
    });
  },
});

const USE_NAT = fix({
  where: "windows",
  title: say("useNat"),
  commands: [
    'Add-Content "$env:USERPROFILE\\.wslconfig" "`n[wsl2]`nnetworkingMode=nat`ndnsTunneling=true"',
    "wsl --shutdown",
  ],
  persistent: true,
});

/** Windows knows the link-layer address that a static entry needs; none where the next hop is no address. */
function readNeighbour(hop: string | null) {
  const address = commandAddress(hop ?? "");
  if (address === null) return [];
  const commands = [
    `Get-NetNeighbor -IPAddress ${address} | Format-Table InterfaceAlias, LinkLayerAddress, State`,
  ];
  return [fix({ where: "windows", title: say("readNeighbour"), commands, persistent: false })];
}
