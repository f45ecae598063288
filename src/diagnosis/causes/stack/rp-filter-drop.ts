// The reverse-path filter drops the answers: they come in by an interface that the route back does not use.

import { counterRise } from "../../../facts/kernel/own-packets.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked } from "../../outcome.ts";
import { droppedPackets, type Stopped, stoppedBy } from "../../own-drops.ts";
import { say } from "../../words.ts";

const REASON = "IP_RPFILTER";
/** As nstat names it (net/ipv4/proc.c). */
const COUNTER = "TcpExtIPReversePathFilter";

export const rpFilterDrop = cause({
  id: "rp-filter-drop",
  area: "stack",
  title: "The reverse-path filter drops answers that come in by another interface",
  segment: "linux-stack",
  severity: "fault",
  direction: "inbound",
  dependsOn: [],
  differentialCauses: ["linux-firewall-in-distro", "port-filtered"],
  needs: [],
  judge: (facts) => {
    const found = stoppedBy(facts, REASON);
    if (found.kind === "stopped") return seen(found);
    const rise = counterRise(facts.path, COUNTER) ?? 0;
    if (found.kind !== "not-checked" || rise === 0) return found;
    // It counts for the whole namespace: any program's packet may have raised it.
    return notChecked(say("counterRose", { counter: COUNTER, rise }));
  },
});

function seen(stopped: Stopped) {
  const { attempt, drops } = stopped;
  const [first] = drops;
  return fires({
    confidence: "exact",
    segment: "linux-stack",
    between: null,
    direction: "inbound",
    summary: say("found", {
      dropped: droppedPackets(stopped),
      address: attempt.address,
      device: first?.interface ?? null,
    }),
    evidence: drops.map(({ id }) => id),
    fixes: [
      {
        where: "linux",
        title: say("loosen"),
        commands: ["sudo sysctl -w net.ipv4.conf.all.rp_filter=2"],
        persistent: false,
      },
      {
        where: "linux",
        title: say("keep"),
        commands: [
          "printf 'net.ipv4.conf.all.rp_filter = 2\\n' | sudo tee /etc/sysctl.d/90-rp-filter.conf",
        ],
        persistent: true,
      },
    ],
  });
}
