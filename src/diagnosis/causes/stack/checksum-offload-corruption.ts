// What arrives has a wrong TCP checksum, and this kernel drops it: an adapter's offload got it wrong.

import { counterRise } from "../../../facts/kernel/own-packets.ts";
import { cause } from "../../cause.ts";
import { commandInterface } from "../../command-values.ts";
import { fix } from "../../fixes.ts";
import { fires, notChecked } from "../../outcome.ts";
import { droppedPackets, stoppedBy } from "../../own-drops.ts";
import { say } from "../../words.ts";

const REASON = "TCP_CSUM";
/** As nstat names it (net/ipv4/proc.c). */
const COUNTER = "TcpInCsumErrors";

export const checksumOffloadCorruption = cause({
  id: "checksum-offload-corruption",
  area: "stack",
  title: "What arrives has a wrong TCP checksum, and the kernel drops it",
  segment: "linux-nic",
  severity: "fault",
  direction: "inbound",
  dependsOn: [],
  differentialCauses: ["linux-firewall-in-distro", "path-loss", "data-corrupted"],
  needs: [],
  judge: (facts) => {
    const found = stoppedBy(facts, REASON);
    if (found.kind === "rejected") return found;
    if (found.kind === "not-checked") {
      const rise = counterRise(facts.path, COUNTER) ?? 0;
      // It counts for the whole namespace: any program's packet may have raised it.
      return rise === 0 ? found : notChecked(say("counterRose", { counter: COUNTER, rise }));
    }
    const { attempt, drops } = found;
    const device = commandInterface(drops[0]?.interface ?? "");
    return fires({
      confidence: "exact",
      segment: "linux-nic",
      between: null,
      direction: "inbound",
      summary: say("found", { dropped: droppedPackets(found), address: attempt.address, device }),
      evidence: drops.map(({ id }) => id),
      fixes:
        device === null
          ? []
          : [
              fix({
                where: "linux",
                title: say("switchOff", { device }),
                commands: [`sudo ethtool -K ${device} rx off tx off`],
                persistent: false,
              }),
            ],
    });
  },
});
