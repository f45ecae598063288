// The service listens on addresses of the distro that nobody outside comes by.

import type { Facts } from "../../../facts/facts.ts";
import type { ServiceFacts } from "../../../facts/service/service.ts";
import { vantageFacts } from "../../../facts/vantage.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { serviceSeverity } from "../../service-severity.ts";
import { say } from "../../words.ts";

export const guestBoundToLoopback = cause({
  id: "guest-bound-to-loopback",
  area: "inbound",
  title: "The service listens only on addresses of the distro that others do not come by",
  segment: "linux-stack",
  severity: "fault",
  direction: "inbound",
  dependsOn: [],
  differentialCauses: ["linux-firewall-in-distro", "port-refused", "localhost-forwarding-broken"],
  needs: ["service"],
  judge: (facts, { service: known }) => {
    const { bound, service, port, localhost } = known;
    if (bound === "unknown") return notChecked(say("unread"));
    if (bound === "nothing") return rejected(say("nobody"), [service.id]);
    if (bound === "open") return rejected(say("open"), [service.id]);
    const listeners = (service.listeners ?? []).map(({ address }) => address);
    const forwards = (service.forwards ?? []).flatMap(({ address }) => address ?? []);
    return fires({
      confidence: "exact",
      severity: severityOf(facts, known),
      segment: "linux-stack",
      between: null,
      direction: "inbound",
      summary: say("found", {
        port,
        bound,
        addresses: [...new Set([...listeners, ...forwards])],
        isForwarded: (service.forwards ?? []).length > 0,
        localhost,
      }),
      evidence: [service.id, ...known.here, ...known.ways.flatMap(({ evidence }) => evidence)],
      fixes: [
        {
          where: "linux",
          title: say("findProgram"),
          commands: [`sudo ss -ltnp 'sport = :${port}'`],
          persistent: false,
        },
      ],
    });
  },
});

/** Without any Windows nothing forwards to loopback: other machines are all there is. */
function severityOf({ path }: Facts, known: ServiceFacts) {
  const isAlone = vantageFacts(path)?.kind === "linux";
  return isAlone && known.required === "unknown" ? "fault" : serviceSeverity(known);
}
