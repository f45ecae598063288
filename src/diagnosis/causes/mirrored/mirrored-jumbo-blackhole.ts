// Mirrored mode copies a large MTU from an adapter of Windows, and what is between the two carries Ethernet's size alone.

import { tracedRoute } from "../../../facts/connection/subject.ts";
import type { Facts } from "../../../facts/facts.ts";
import { hostEvidence } from "../../../facts/reach/path-host.ts";
import type { PmtuEstimate } from "../../../schema/verdict.ts";
import { cause } from "../../cause.ts";
import { commandInterface } from "../../command-values.ts";
import { weaker } from "../../confidence.ts";
import { fix, setAdapterMtu } from "../../fixes.ts";
import { met } from "../../needs/met.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say, sayNeed } from "../../words.ts";
import { inboundConfidence, inboundSeverity } from "../sizes/inbound.ts";
import { outboundConfidence } from "../sizes/outbound.ts";

const ETHERNET_MTU = 1500;
/** Measured in microsoft/WSL issue 41419: frames of 1500 bytes arrived, those of 1528 did not. */
const KNOWN_LOST = 1528;

export const mirroredJumboBlackhole = cause({
  id: "mirrored-jumbo-blackhole",
  area: "mirrored",
  title: "Mirrored mode copied a large MTU, and packets above Ethernet's size are lost",
  segment: "linux-nic",
  severity: "fault",
  direction: null,
  dependsOn: ["linux-firewall-in-distro", "rp-filter-drop"],
  differentialCauses: [
    "vpn-mtu-inbound-blackhole",
    "pmtu-inbound-blackhole",
    "pmtu-outbound-blackhole",
    "path-loss",
  ],
  needs: ["mirrored"],
  judge: (facts) => {
    const { path, vpn } = facts;
    const route = tracedRoute(path);
    if (route === null) return notChecked(sayNeed("noRoute"));
    const { interface: device, linkMtu: mtu } = route;
    if (mtu < KNOWN_LOST) return rejected(say("ordinary", { device, mtu }), [route.id]);
    const limited = ethernetLimit(facts);
    if (limited.kind !== "met") return limited;
    const { estimate, evidence, ...found } = limited.value;
    const { atLeast: largest, below } = estimate;
    const tunnel = vpn?.known === true && vpn.inVpn ? vpn.adapter : null;
    return fires({
      severity: found.severity,
      // A physical adapter's frames meet a switch and a router that may take no large ones either.
      confidence: tunnel === null ? "candidate" : weaker(found.grade),
      segment: "linux-nic",
      between: null,
      direction: found.direction,
      summary: say("found", { device, mtu, largest, below, adapter: tunnel?.name ?? null }),
      evidence: [route.id, ...evidence, ...hostEvidence(path)],
      fixes: [...linkFix(device), ...adapterFix(facts)],
    });
  },
});

/** In the direction that has it, inbound first, as that one stops the user. */
function ethernetLimit(facts: Facts) {
  const { inbound, outbound } = facts;
  const [inward, outward] = [meet(facts, "inboundLimit"), meet(facts, "outboundLimit")];
  if (inward.kind !== "met" && outward.kind !== "met") return inward;
  const isIn = inward.kind === "met" && isEthernets(inbound.estimate);
  const isOut = outward.kind === "met" && isEthernets(outbound.estimate);
  const evidence = [...(isIn ? inbound.evidence : []), ...(isOut ? outbound.evidence : [])];
  if (isIn) {
    const direction = isOut ? ("both" as const) : ("inbound" as const);
    const [severity, grade] = [inboundSeverity(facts), inboundConfidence(facts)];
    return met({ estimate: inbound.estimate, evidence, direction, severity, grade });
  }
  if (!isOut) return rejected(say("otherSize"), [...inbound.evidence, ...outbound.evidence]);
  const [severity, grade] = ["warning" as const, outboundConfidence(facts)];
  const direction = "outbound" as const;
  return met({ estimate: outbound.estimate, evidence, direction, severity, grade });
}

/** Ethernet's size passes, and what was seen to be lost in the report is lost. */
function isEthernets({ atLeast, below }: PmtuEstimate): boolean {
  if (atLeast === null || below === null) return false;
  return atLeast >= ETHERNET_MTU && below <= KNOWN_LOST;
}

function linkFix(name: string) {
  const device = commandInterface(name);
  if (device === null) return [];
  const commands = [`sudo ip link set dev ${device} mtu ${ETHERNET_MTU}`];
  return [
    fix({ where: "linux", title: say("lowerLink", { device }), commands, persistent: false }),
  ];
}

function adapterFix({ vpn }: Facts) {
  const ifIndex = vpn?.known === true ? vpn.adapter.ifIndex : null;
  if (ifIndex === null) return [];
  const commands = setAdapterMtu(ifIndex, ETHERNET_MTU);
  return [fix({ where: "windows-admin", title: say("lowerAdapter"), commands, persistent: true })];
}
