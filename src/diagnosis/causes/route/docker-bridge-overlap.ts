// A bridge of Docker in the distro has the target's range: packets for it never leave the machine.

import type { Facts } from "../../../facts/facts.ts";
import { formatRoutes, hostRoutesTo } from "../../../facts/reach/host-routes.ts";
import { hostReached } from "../../../host/look-ups.ts";
import { cause } from "../../cause.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

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
      return rejected(say("noBridge", { device: route.interface }), [route.id]);
    }
    const failure = meet(facts, "failure");
    if (failure.kind !== "met") return failure;
    const proof = proofOf(facts);
    if (proof === null) {
      return notChecked(say("mayBeContainer"));
    }
    const { shown, confidence, evidence } = proof;
    return fires({
      confidence,
      segment: "linux-stack",
      between: null,
      direction: "outbound",
      summary: say("found", { address: reach.address, device: route.interface, shown }),
      evidence: [route.id, ...failure.value, ...evidence, ...(path.host ? [path.host.id] : [])],
      fixes: [FIX],
    });
  },
});

function proofOf(facts: Facts) {
  const { path, reach, attempt } = facts;
  const [other] = reach.elsewhere;
  if (other !== undefined) {
    const shown = { by: "device", device: other.device } as const;
    return { shown, confidence: "measured" as const, evidence: [other.id] };
  }
  const snapshot = path.host?.snapshot ?? null;
  if (snapshot === null || reach.address === null || attempt === undefined) return null;
  const reached = hostReached(snapshot, reach.address, attempt.port);
  if (reached.known && reached.ok) {
    return { shown: { by: "host" } as const, confidence: "measured" as const, evidence: [] };
  }
  const meant = hostRoutesTo(facts.path, null);
  if (meant.length === 0) return null;
  const shown = { by: "host-routes", routes: formatRoutes(meant) } as const;
  return { shown, confidence: "inferred" as const, evidence: [] };
}

const FIX = {
  where: "linux",
  title: say("otherRanges"),
  commands: [
    `printf '{"bip":"10.200.0.1/24","default-address-pools":[{"base":"10.201.0.0/16","size":24}]}\\n' | sudo tee /etc/docker/daemon.json`,
    "sudo systemctl restart docker",
  ],
  persistent: true,
} as const;
