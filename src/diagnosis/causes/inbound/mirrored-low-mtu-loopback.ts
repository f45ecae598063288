// Mirrored mode: Windows reaches the service by an address of a card whose MTU is small.

import { cause } from "../../cause.ts";
import { fires, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

const ETHERNET_MTU = 1500;

export const mirroredLowMtuLoopback = cause({
  id: "mirrored-low-mtu-loopback",
  area: "inbound",
  title: "Windows reaches the mirrored distro by the address of a card with a small MTU",
  segment: "linux-nic",
  severity: "note",
  direction: "outbound",
  dependsOn: [],
  differentialCauses: ["mirrored-port-conflict", "hyperv-firewall-blocks-inbound"],
  needs: ["service", "mirrored"],
  judge: ({ path }, { service: known }) => {
    const links = path.interfaces?.interfaces ?? [];
    const small = links.filter(({ loopback, up, mtu }) => !loopback && up && mtu < ETHERNET_MTU);
    const evidence = path.interfaces === null ? [] : [path.interfaces.id];
    if (small.length === 0) return rejected(say("noneSmall"), evidence);
    const reached = known.ways.filter(({ state }) => state === "reached");
    const found = reached.flatMap(({ address, evidence: shown }) => {
      const link = small.find(({ addresses }) => addresses.some((own) => own.address === address));
      return link === undefined ? [] : [{ address, device: link.name, mtu: link.mtu, shown }];
    });
    const [first] = found;
    if (first === undefined) return rejected(say("otherAddress"), evidence);
    const { address, device, mtu, shown } = first;
    return fires({
      // What comes back was not tried with more than a handshake.
      confidence: "candidate",
      segment: "linux-nic",
      between: null,
      direction: "outbound",
      summary: say("found", { address, port: known.port, device, mtu }),
      evidence: [...evidence, ...shown],
      fixes: [],
    });
  },
});
