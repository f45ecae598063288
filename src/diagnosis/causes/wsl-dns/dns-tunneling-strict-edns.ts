// WSL's DNS tunnel answers plain questions and fails those with an EDNS record.

import { checksOf } from "../../../facts/dns/checks.ts";
import { isEdnsFailure } from "../../../facts/dns/edns.ts";
import { cause } from "../../cause.ts";
import { atResolver, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const dnsTunnelingStrictEdns = cause({
  id: "dns-tunneling-strict-edns",
  area: "wsl-dns",
  title: "WSL's DNS tunnel fails queries with an EDNS record",
  segment: "resolver",
  severity: "warning",
  direction: null,
  dependsOn: [],
  differentialCauses: ["dns-large-answer-lost", "dns-server-unreachable"],
  needs: ["tunnel"],
  judge: ({ dns: names, path }, { tunnel: address }) => {
    const tunnel = names.configured.find(({ server }) => server === address);
    if (tunnel?.status !== "answers") {
      return notChecked(say("noPlainAnswer"));
    }
    const plain = tunnel.replies.find(
      ({ transport, outcome }) => transport === "udp" && outcome.kind === "answer",
    );
    const offers = [...checksOf(path, "size", address), ...checksOf(path, "edns", address)];
    const checks = offers.filter(
      ({ transport, type, name, ednsBytes }) =>
        transport === "udp" &&
        ednsBytes !== null &&
        // The same question as the one that was answered plainly.
        name === plain?.name &&
        type === plain.type,
    );
    if (plain === undefined || checks.length < MIN_CHECKS) {
      return notChecked(say("notQueried"));
    }
    const failed = checks.filter(({ outcome }) => isEdnsFailure(outcome));
    const evidence = [plain.id, ...checks.map(({ id }) => id)];
    if (failed.length < checks.length) return rejected(say("answers"), evidence);
    const says = failed[0]?.outcome;
    return atResolver({
      // The C library sends no such record: it costs the default attempt nothing.
      severity: path.run?.command === "dns" ? "warning" : "note",
      confidence: "measured",
      summary: say("found", {
        tunnel: address,
        name: plain.name,
        checks: checks.length,
        rcode: says?.kind === "answer" ? says.rcode : null,
      }),
      evidence,
      fixes: [
        {
          where: "windows",
          title: say("passThem"),
          commands: [
            'Add-Content "$env:USERPROFILE\\.wslconfig" "`n[experimental]`nbestEffortDnsParsing=true"',
            "wsl --shutdown",
          ],
          persistent: true,
        },
      ],
    });
  },
});

/** One size may be lost by its size. */
const MIN_CHECKS = 2;
