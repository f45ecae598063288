// A VPN that runs in the distro carries the route to the target, and nothing beyond the tunnel answers.

import { tracedRoute } from "../../../facts/connection/subject.ts";
import type { Facts } from "../../../facts/facts.ts";
import { firstReply } from "../../../facts/reach/reach.ts";
import { hostLinks } from "../../../host/links.ts";
import { cause } from "../../cause.ts";
import { meet } from "../../needs/needs.ts";
import { fires, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

/** Names that VPN programs give their interfaces. */
const TUNNEL = /^(tun|tap|wg|ppp|utun|tailscale|nordlynx|proton|zt|gpd|cscotun|outline-tun)/;

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
    const device = tunnelOf(facts);
    if (device === null) {
      const route = tracedRoute(facts.path);
      return rejected(say("noTunnel"), route === null ? [] : [route.id]);
    }
    if (isOfWindows(facts, device.name)) {
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

/**
 * The tunnel that leads to the target. Silent name servers alone do not convict it: they are silent for reasons of
 * their own, and nothing else was sent through it.
 */
function tunnelOf(
  facts: Facts,
): { readonly name: string; readonly evidence: readonly string[] } | null {
  const route = tracedRoute(facts.path);
  return route !== null && isTunnel(facts, route.interface)
    ? { name: route.interface, evidence: [route.id] }
    : null;
}

/** Mirrored mode shows the distro the VPNs of Windows too: their addresses are in the snapshot. */
function isOfWindows({ path }: Facts, name: string): boolean {
  const snapshot = path.host?.snapshot ?? null;
  const link = path.interfaces?.interfaces.find((one) => one.name === name);
  if (snapshot === null || link === undefined) return false;
  const windows = hostLinks(snapshot).flatMap(({ addresses }) =>
    addresses.map((one) => one.address),
  );
  return link.addresses.some(({ address }) => windows.includes(address));
}

/** By its name, or as an interface that has no hardware address and is not the loopback. */
function isTunnel({ path }: Facts, name: string): boolean {
  const link = path.interfaces?.interfaces.find((one) => one.name === name);
  return TUNNEL.test(name) || (link !== undefined && link.mac === null && !link.loopback);
}
