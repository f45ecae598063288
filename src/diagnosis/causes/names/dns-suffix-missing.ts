// A short name is denied, and with a suffix that only Windows appends it resolves.

import { checksOf } from "../../../facts/dns/checks.ts";
import { hostEvidence, hostSuffixes } from "../../../facts/reach/path-host.ts";
import { formatAge } from "../../../facts/snapshot-age.ts";
import { cause } from "../../cause.ts";
import { aged, measured } from "../../confidence.ts";
import { tunnelFixes } from "../../fixes.ts";
import { atResolver, notChecked, rejected } from "../../outcome.ts";

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
    if (typed.includes(".")) return rejected(`${typed} is no short name`);
    if (names.outcome !== "no-such-name") {
      return rejected(
        "no server answers that the name does not exist",
        names.decidedBy?.evidence ?? [],
      );
    }
    const suffixes = hostSuffixes(path);
    if (!suffixes.known) return notChecked(suffixes.reason);
    if (suffixes.missing.length === 0) {
      return rejected("the distro's search list has all of Windows' suffixes", hostEvidence(path));
    }
    const checks = checksOf(path, "suffix");
    const found = checks.find(
      ({ outcome }) => outcome.kind === "answer" && outcome.addresses.length > 0,
    );
    if (found === undefined) {
      return rejected(
        "with the suffixes that Windows appends it does not resolve either",
        checks.map(({ id }) => id),
      );
    }
    const suffix = found.name.slice(typed.length + 1);
    const search = [...(path.resolverConfig?.search ?? []), suffix].filter(isPlain).join(" ");
    return atResolver({
      confidence: aged(path, measured(0.95)),
      summary: `${typed} does not exist and ${found.name} resolves at ${found.server}: Windows appends ${suffix}, and the distro's search list lacks it${formatAge(path)}`,
      evidence: [...(names.decidedBy?.evidence ?? []), found.id, ...hostEvidence(path)],
      fixes: [
        {
          where: "linux",
          title: "Search that domain too, until WSL rewrites the file",
          commands: [`echo 'search ${search}' | sudo tee -a /etc/resolv.conf`],
          persistent: false,
        },
        ...tunnelFixes(path),
      ],
    });
  },
});

/** No quoting is needed for these in any shell. */
function isPlain(domain: string): boolean {
  return /^[A-Za-z0-9._-]{1,253}$/.test(domain);
}
