// The resolver answers that there is no such name, or no address for it.

import { forgeryOf } from "../../../facts/dns/forgery.ts";
import { hostResolved } from "../../../host/look-ups.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { DEAD_PROXY, WRONG_SERVERS } from "../groups.ts";

export const dnsNameDoesNotExist = cause({
  id: "dns-name-does-not-exist",
  area: "names",
  title: "The name server answers that the name does not exist",
  segment: "resolver",
  severity: "fault",
  direction: null,
  dependsOn: [...DEAD_PROXY, "nrpt-only-vpn-dns", "dns-suffix-missing", ...WRONG_SERVERS],
  differentialCauses: ["nrpt-only-vpn-dns", "dns-server-unreachable"],
  needs: ["nameQuery"],
  judge: ({ path }, { nameQuery: names }) => {
    if (names.outcome === "failed") return notChecked(say("noneAnswered"));
    const { decidedBy } = names;
    if (names.outcome === "ok" || decidedBy === null) {
      return rejected(say("resolves"), decidedBy?.evidence ?? []);
    }
    const forgery = forgeryOf(path, decidedBy.server);
    if (forgery.kind === "proven") {
      return rejected(say("forged"), forgery.evidence);
    }
    const name = path.run?.target.host ?? "";
    const elsewhere = names.hostOnly.find(({ status }) => status === "answers");
    const snapshot = path.host?.snapshot ?? null;
    const onWindows = snapshot === null ? null : hostResolved(snapshot, name);
    const exists =
      elsewhere !== undefined || (onWindows?.known === true && onWindows.addresses.length > 0);
    return fires({
      confidence: exists ? "inferred" : "exact",
      segment: "resolver",
      between: null,
      direction: null,
      summary: say("found", {
        server: decidedBy.server,
        reported: decidedBy.reported,
        name,
        exists,
      }),
      evidence: decidedBy.evidence.slice(),
      fixes: [],
    });
  },
});
