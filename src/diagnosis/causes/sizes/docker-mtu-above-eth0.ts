// Docker's bridge has a larger MTU than the distro's card: containers offer and send what the card does not carry.

import { linkMtuTo, tracedAddress, tracedRoute } from "../../../facts/connection/subject.ts";
import { cause } from "../../cause.ts";
import { fix } from "../../fixes.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

/** docker0, the bridges of user-defined networks, and that of a swarm. */
const BRIDGE = /^(docker\d+|docker_gwbridge|br-[0-9a-f]{4,12})$/;

export const dockerMtuAboveEth0 = cause({
  id: "docker-mtu-above-eth0",
  area: "sizes",
  title: "A Docker bridge has a larger MTU than the distro's network card",
  segment: "linux-stack",
  severity: "note",
  direction: "both",
  dependsOn: [],
  differentialCauses: ["docker-bridge-overlap", "vpn-mtu-inbound-blackhole"],
  needs: [],
  judge: ({ path }) => {
    const { interfaces } = path;
    const bridges = interfaces?.interfaces.filter(({ name }) => BRIDGE.test(name)) ?? [];
    if (interfaces === null || bridges.length === 0) return rejected(say("noBridge"), []);
    const route = tracedRoute(path);
    const mtu = linkMtuTo(path, tracedAddress(path));
    if (route === null || mtu === null) return notChecked(say("noLink"));
    const larger = bridges.find((bridge) => bridge.mtu > mtu && bridge.name !== route.interface);
    if (larger === undefined) return rejected(say("fits"), [interfaces.id]);
    return fires({
      // That containers hang follows from the two values; none was looked into.
      confidence: "inferred",
      segment: "linux-stack",
      between: null,
      direction: "both",
      summary: say("found", {
        bridge: larger.name,
        bridgeMtu: larger.mtu,
        ...{ device: route.interface, mtu },
      }),
      evidence: [interfaces.id],
      fixes: [
        fix({
          where: "linux",
          title: say("clamp"),
          commands: [
            "sudo iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu",
          ],
          persistent: false,
        }),
      ],
    });
  },
});
