// A short name is denied, and with a suffix that only Windows appends it resolves.

import { checksOf } from "../../../facts/dns/checks.ts";
import { hostEvidence, hostSuffixes } from "../../../facts/reach/path-host.ts";
import { snapshotAge } from "../../../facts/snapshot-age.ts";
import { cause } from "../../cause.ts";
import { commandHost } from "../../command-values.ts";
import { aged } from "../../confidence.ts";
import { askFirstFixes, tunnelFixes } from "../../fixes.ts";
import { atResolver, notChecked, rejected } from "../../outcome.ts";
import { asReported, say } from "../../words.ts";

export const dnsSuffixMissing = cause({
  id: "dns-suffix-missing",
  area: "names",
  title: "A short name needs a domain that Windows appends and the distro does not",
  segment: "resolver",
  severity: "fault",
  direction: null,
  dependsOn: ["nrpt-only-vpn-dns"],
  differentialCauses: ["dns-name-does-not-exist", "nrpt-only-vpn-dns"],
  needs: ["nameQuery"],
  judge: ({ path }, { nameQuery: names }) => {
    const typed = path.run?.target.host ?? "";
    if (typed.includes(".")) return rejected(say("notShort", { name: typed }));
    if (names.outcome !== "no-such-name") {
      return rejected(say("notDenied"), names.decidedBy?.evidence ?? []);
    }
    const suffixes = hostSuffixes(path);
    if (!suffixes.known) return notChecked(asReported(suffixes));
    if (suffixes.missing.length === 0) {
      return rejected(say("allSearched"), hostEvidence(path));
    }
    const checks = checksOf(path, "suffix");
    const found = checks.find(
      ({ outcome }) => outcome.kind === "answer" && outcome.addresses.length > 0,
    );
    if (found === undefined) {
      return rejected(
        say("notWithSuffix"),
        checks.map(({ id }) => id),
      );
    }
    const suffix = found.name.slice(typed.length + 1);
    const search = [...(path.resolverConfig?.search ?? []), suffix]
      .flatMap((domain) => commandHost(domain) ?? [])
      .join(" ");
    return atResolver({
      confidence: aged(path, "measured"),
      summary: say("found", {
        typed,
        name: found.name,
        server: found.server,
        suffix,
        age: snapshotAge(path),
      }),
      evidence: [...(names.decidedBy?.evidence ?? []), found.id, ...hostEvidence(path)],
      fixes: [
        {
          where: "linux",
          title: say("searchToo"),
          commands: [`echo 'search ${search}' | sudo tee -a /etc/resolv.conf`],
          persistent: false,
        },
        // The first server that answers decides: one that denies the name must not stand before it.
        ...askFirstFixes(found.server === names.decidedBy?.server ? null : found.server),
        ...tunnelFixes(path),
      ],
    });
  },
});
