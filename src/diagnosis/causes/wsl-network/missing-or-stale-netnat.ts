// A NAT object that somebody made in Windows claims the network of WSL's switch.

import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { addressOf, inPrefix } from "../../../host/address.ts";
import { readHost } from "../../../host/host.ts";
import { rowsOf, whyUnread } from "../../../host/sources.ts";
import { cause } from "../../cause.ts";
import { aged } from "../../confidence.ts";
import { fix } from "../../fixes.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

/** Names that need no quoting inside single quotes of PowerShell. */
const PLAIN = /^[\p{L}\p{N} ._()-]{1,64}$/u;

export const missingOrStaleNetnat = cause({
  id: "missing-or-stale-netnat",
  area: "wsl-network",
  title: "A NAT object of Windows claims the network that WSL's own NAT is for",
  segment: "nat",
  severity: "fault",
  direction: "both",
  dependsOn: ["nat-service-disabled"],
  differentialCauses: ["host-forwarding-blocked", "nat-service-disabled"],
  needs: ["snapshot", "nat", "brokenNetwork"],
  judge: ({ path, lookup }, { snapshot, brokenNetwork }) => {
    const { gets, evidence } = brokenNetwork;
    if (gets !== "not-forwarded") return rejected(say("notAtNat"), evidence);
    const nats = readHost(snapshot).nats;
    const unread = whyUnread(nats);
    if (unread !== null) return notChecked(say("unread", { reason: unread }));
    const source = lookup?.outcome.kind === "route" ? lookup.outcome.source : null;
    const guest = addressOf(source ?? "");
    const row = rowsOf(nats).find(
      ({ internalPrefix }) =>
        guest !== null && internalPrefix !== null && inPrefix(guest, internalPrefix),
    );
    if (row === undefined) return rejected(say("noneOverlaps"), hostEvidence(path));
    return fires({
      // What it does to WSL's own NAT was reported, and not measured here.
      confidence: aged(path, "inferred"),
      segment: "nat",
      between: null,
      direction: "both",
      summary: say("found", { name: row.name, address: guest?.address ?? null }),
      evidence: [...hostEvidence(path), ...evidence],
      fixes: PLAIN.test(row.name)
        ? [
            fix({
              where: "windows-admin",
              title: say("remove"),
              commands: [`Remove-NetNat -Name '${row.name}'`, "wsl --shutdown"],
              persistent: true,
            }),
          ]
        : [],
    });
  },
});
