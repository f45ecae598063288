// The resolver gives the name an address that is none: a filter of names blocks it.

import ipaddr from "ipaddr.js";
import { cause } from "../../cause.ts";
import { atResolver, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const dnsNameBlocked = cause({
  id: "dns-name-blocked",
  area: "names",
  title: "The name server blocks the name: it answers with the unspecified address",
  segment: "resolver",
  severity: "fault",
  direction: null,
  dependsOn: ["hosts-file-override"],
  differentialCauses: ["dns-answer-forged", "dns-name-does-not-exist", "port-refused"],
  needs: ["nameQuery"],
  judge: (_, { nameQuery: names }) => {
    const { decidedBy } = names;
    if (decidedBy === null || decidedBy.addresses.length === 0) {
      return rejected(say("noAddress"), decidedBy?.evidence ?? []);
    }
    const { server, addresses, evidence } = decidedBy;
    if (!addresses.every(isUnspecified)) return rejected(say("realAddress"), evidence);
    const others = [...names.configured, ...names.hostOnly].filter(
      (one) => one.status === "answers" && !one.addresses.some(isUnspecified),
    );
    return atResolver({
      confidence: "exact",
      summary: say("found", {
        server,
        addresses,
        others: others.map((one) => ({ server: one.server, reported: one.reported })),
      }),
      evidence: [...evidence, ...others.flatMap((one) => one.evidence)],
    });
  },
});

/** "This host on this network" (RFC 1122 s.3.2.1.3, RFC 4291 s.2.5.2): no name of a server leads there. */
function isUnspecified(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.parse(address).range() === "unspecified";
}
