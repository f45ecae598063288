// A bridge of Docker in the distro has the target's range: packets for it never leave the machine.

import type { Facts } from "../../../facts/facts.ts";
import { formatRoutes, hostRoutesTo } from "../../../facts/reach/host-routes.ts";
import { hostReached } from "../../../host/look-ups.ts";
import { cause } from "../../cause.ts";
import { inferred, measured } from "../../confidence.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";

/** docker0, the bridges of user-defined networks, and that of a swarm. */
const BRIDGE = /^(docker\d+|docker_gwbridge|br-[0-9a-f]{4,12})$/;

export const dockerBridgeOverlap = cause({
  id: "docker-bridge-overlap",
  area: "route",
  title: "A Docker bridge in the distro has the range of the target",
  segment: "linux-stack",
  severity: "fault",
  direction: "outbound",
  dependsOn: [],
  differentialCauses: ["destination-down", "port-refused", "nat-subnet-overlap"],
  needs: ["route"],
  judge: (facts, { route }) => {
    const { path, reach } = facts;
    if (!BRIDGE.test(route.interface)) {
      return rejected(`the route to the target is over ${route.interface}, no bridge of Docker`, [
        route.id,
      ]);
    }
    const failure = meet(facts, "failure");
    if (failure.kind !== "met") return failure;
    const proof = proofOf(facts);
    if (proof === null) {
      return notChecked("nothing shows that the target is not a container");
    }
    const { words, confidence, evidence } = proof;
    return fires({
      confidence,
      segment: "linux-stack",
      between: null,
      direction: "outbound",
      summary: `the route to ${reach.address} is ${route.interface}, a bridge for containers inside the distro; ${words}`,
      evidence: [route.id, ...failure.value, ...evidence, ...(path.host ? [path.host.id] : [])],
      fixes: [FIX],
    });
  },
});

function proofOf(facts: Facts) {
  const { path, reach, attempt } = facts;
  const [other] = reach.elsewhere;
  if (other !== undefined) {
    const words = `by ${other.device} the same address answers`;
    return { words, confidence: measured(0.97), evidence: [other.id] };
  }
  const snapshot = path.host?.snapshot ?? null;
  if (snapshot === null || reach.address === null || attempt === undefined) return null;
  const reached = hostReached(snapshot, reach.address, attempt.port);
  if (reached.known && reached.ok) {
    return { words: "Windows itself reaches it", confidence: measured(0.93), evidence: [] };
  }
  const meant = hostRoutesTo(facts.path, null);
  if (meant.length === 0) return null;
  return { words: `Windows has ${formatRoutes(meant)}`, confidence: inferred(0.85), evidence: [] };
}

const FIX = {
  where: "linux",
  title: "Give Docker other ranges (restarts its containers)",
  commands: [
    `printf '{"bip":"10.200.0.1/24","default-address-pools":[{"base":"10.201.0.0/16","size":24}]}\\n' | sudo tee /etc/docker/daemon.json`,
    "sudo systemctl restart docker",
  ],
  persistent: true,
} as const;
