// The C library, by nsswitch.conf, does not resolve the name as the name servers do.

import { libcFinding } from "../../../facts/dns/libc-lookup.ts";
import { cause } from "../../cause.ts";
import { fix } from "../../fixes.ts";
import { atResolver, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const libcResolvesOtherwise = cause({
  id: "libc-resolves-otherwise",
  area: "resolver-file",
  title: "The C library does not resolve the name as the name servers do",
  segment: "resolver",
  severity: "fault",
  direction: null,
  dependsOn: [
    "dns-v6-query-delay",
    "dns-server-unreachable",
    "dns-server-slow",
    "dns-tcp-blocked",
    "dns-large-answer-lost",
    "dns-answer-forged",
    "dns-edns-dropped",
  ],
  differentialCauses: ["hosts-file-override", "dns-name-does-not-exist"],
  needs: ["nameQuery"],
  judge: ({ path }) => {
    const finding = libcFinding(path);
    const evidence = path.libcLookups.map(({ id }) => id);
    if (finding === null) return notChecked(say("notAsked"));
    if (finding.kind === "agrees") return rejected(say("agrees"), evidence);
    const sources = path.libcLookups.at(-1)?.sources ?? null;
    const name = path.run?.target.host ?? "";
    if (finding.kind === "from-elsewhere") {
      return atResolver({
        severity: "note",
        confidence: "exact",
        summary: say("elsewhere", { name, addresses: finding.addresses, sources }),
        evidence,
      });
    }
    return atResolver({
      confidence: "measured",
      summary: say("found", { name, server: finding.server, sources }),
      evidence,
      fixes: sources !== null && !ASKS_SERVERS.test(sources) ? FIXES : [],
    });
  },
});

/** Modules of the name service switch that ask name servers: glibc's own, and systemd-resolved's. */
const ASKS_SERVERS = /\b(dns|resolve)\b/;

const FIXES = [
  fix({
    where: "linux",
    title: say("askServers"),
    commands: ["sudo sed -i 's/^hosts:.*/hosts: files dns/' /etc/nsswitch.conf"],
    persistent: true,
  }),
];
