// The reverse-path filter drops the answers: they come in by an interface that the route back does not use.

import type { Facts } from "../../../facts/facts.ts";
import { type CounterCheckFacts, counterCheck } from "../../../facts/kernel/counter-check.ts";
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
    if (found.kind !== "not-checked") return found;
    const check = counterCheck(facts.path);
    if (check?.verdict === "reverse-filtered") return counted(facts, check);
    const rise = counterRise(facts.path, COUNTER) ?? 0;
    // It counts for the whole namespace: any program's packet may have raised it.
    return rise === 0 ? found : notChecked(say("counterRose", { counter: COUNTER, rise }));
  },
});

/** Without privilege: the counter rose by as many as were sent, each time. */
function counted({ reach }: Facts, { id, connects }: CounterCheckFacts) {
  return fires({
    confidence: "measured",
    ...PLACE,
    summary: say("counted", { counter: COUNTER, connects, address: reach.address }),
    evidence: [id, ...(reach.connectId === null ? [] : [reach.connectId])],
  });
}

function seen(stopped: Stopped) {
  const { attempt, drops } = stopped;
  const [first] = drops;
  return fires({
    confidence: "exact",
    ...PLACE,
    summary: say("found", {
      dropped: droppedPackets(stopped),
      address: attempt.address,
      device: first?.interface ?? null,
    }),
    evidence: drops.map(({ id }) => id),
  });
}

const PLACE = {
  segment: "linux-stack",
  between: null,
  direction: "inbound",
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
        "sudo sysctl -p /etc/sysctl.d/90-rp-filter.conf",
      ],
      persistent: true,
    },
  ],
} as const;
