// A name server answers plain queries and fails those with an EDNS record.

import { configuredResolver } from "../../../facts/dns/configured-resolver.ts";
import { asksEdns, ednsDropped } from "../../../facts/dns/edns.ts";
import { cause } from "../../cause.ts";
import { rewriteResolvConf } from "../../fixes.ts";
import { atResolver, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const dnsEdnsDropped = cause({
  id: "dns-edns-dropped",
  area: "names",
  title: "A name server fails queries that have an EDNS record",
  segment: "resolver",
  severity: "note",
  direction: null,
  dependsOn: ["dns-tunneling-strict-edns"],
  differentialCauses: ["dns-server-unreachable", "dns-server-fails", "dns-large-answer-lost"],
  needs: ["servers"],
  judge: ({ dns: names, path }, { servers }) => {
    const own = asksEdns(path);
    const resolver = configuredResolver(path);
    const tried = path.dnsChecks.filter(({ purpose }) => purpose === "edns");
    if (tried.length === 0) return notChecked(say("notQueried"));
    const dropped = servers.flatMap(({ server }) => {
      // WSL's tunnel has a cause and a cure of its own.
      const isTunnel = resolver.kind === "tunnel" && resolver.server === server;
      return (isTunnel && !own ? null : ednsDropped(path, server)) ?? [];
    });
    if (dropped.length === 0) {
      return rejected(
        say("answered"),
        tried.map(({ id }) => id),
      );
    }
    const works = names.outcome === "ok";
    const severity = works ? "warning" : "fault";
    return atResolver({
      severity: own ? severity : "note",
      confidence: "measured",
      summary: say("found", {
        servers: dropped.map(({ server, rcode }) => ({ server, rcode })),
        own,
      }),
      evidence: dropped.flatMap(({ evidence }) => [...evidence]),
      fixes: own ? rewriteResolvConf(say("leaveOut"), "s/[[:space:]]edns0//") : [],
    });
  },
});
