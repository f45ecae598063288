// Mirrored mode: a program on Windows listens at Windows' own address, and the distro's connection to it stays in the distro.

import type { Facts } from "../../../facts/facts.ts";
import { hostProbesOf } from "../../../facts/reach/host-probes.ts";
import { hostEvidence, settingsOf } from "../../../facts/reach/path-host.ts";
import { switchOf } from "../../../host/ini.ts";
import { cause } from "../../cause.ts";
import { fix } from "../../fixes.ts";
import { met } from "../../needs/met.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { asReported, say } from "../../words.ts";

const SETTING = "experimental.hostAddressLoopback";

export const mirroredHostAddressLoopback = cause({
  id: "mirrored-host-address-loopback",
  area: "mirrored",
  title: "Windows' own address leads back into the mirrored distro, not to Windows",
  segment: "linux-nic",
  severity: "fault",
  direction: "outbound",
  dependsOn: [],
  differentialCauses: ["port-refused", "port-filtered", "windows-firewall-blocks-guest-to-host"],
  needs: ["mirrored", "reach"],
  judge: (facts, { reach }) => {
    const { path, relation } = facts;
    const snapshot = meet(facts, "snapshot");
    if (snapshot.kind !== "met") return snapshot;
    const shared = relation?.kind === "same-host" ? relation.addresses : [];
    const address = reach.address ?? "";
    if (!shared.includes(address)) return rejected(say("otherAddress"), hostEvidence(path));
    const failure = meet(facts, "failure");
    if (failure.kind !== "met") return failure;
    const listener = path.localListener;
    if (listener?.listens === true) return rejected(say("servedHere"), [listener.id]);
    const settings = settingsOf(path);
    if (settings === null) return notChecked(say("settingsUnread"));
    if (switchOf(settings, SETTING) === true)
      return rejected(say("switchedOn"), hostEvidence(path));
    const windows = listensOnWindows(facts, address);
    if (windows.kind !== "met") return windows;
    return fires({
      confidence: "inferred",
      segment: "linux-nic",
      between: null,
      direction: "outbound",
      summary: say("found", {
        address,
        port: path.run?.target.port ?? null,
        windows: windows.value.reason,
      }),
      evidence: [...failure.value, ...windows.value.evidence, ...hostEvidence(path)],
      fixes: [
        fix({
          where: "windows",
          title: say("switchOn"),
          commands: [
            'Add-Content "$env:USERPROFILE\\.wslconfig" "`n[experimental]`nhostAddressLoopback=true"',
            "wsl --shutdown",
          ],
          persistent: true,
        }),
      ],
    });
  },
});

/** A refusal is an answer of the address, and no program's. */
function listensOnWindows({ path, host }: Facts, address: string) {
  const refused = hostProbesOf(path, "connect").find(
    ({ try: one }) => one.address === address && one.outcome === "refused",
  );
  const { target } = host;
  if (refused !== undefined || target.state === "no") {
    return rejected(say("nobodyOnWindows"), refused === undefined ? target.evidence : [refused.id]);
  }
  return target.state === "unknown" ? notChecked(asReported(target)) : met(target);
}
