// Mirrored mode behind a VPN: TCP works, and nothing of ICMP comes back.

import { echoesTo } from "../../../facts/reach/host-probes.ts";
import { muteFacts } from "../../../facts/reach/mute.ts";
import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { cause } from "../../cause.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const mirroredPingOnlyBroken = cause({
  id: "mirrored-ping-only-broken",
  area: "mirrored",
  title: "Ping fails in the mirrored distro behind a VPN of Windows, and TCP works",
  segment: "linux-nic",
  severity: "note",
  direction: null,
  dependsOn: [],
  differentialCauses: ["icmp-filtered", "upstream-unreachable"],
  needs: ["mirrored", "reach"],
  judge: (facts, { reach }) => {
    const { path } = facts;
    if (reach.connect !== "passed") return rejected(say("notConnected"), []);
    const { reported, silent, isMany, mayBeLimit } = muteFacts(path);
    if (reported !== null) return rejected(say("received"), [reported.id]);
    if (!isMany) return notChecked(say("tooFewProbes"));
    if (mayBeLimit) return notChecked(say("mayBeLimit"));
    const vpn = meet(facts, "vpn");
    if (vpn.kind !== "met") return vpn;
    const { adapter, inVpn } = vpn.value;
    if (!inVpn) return rejected(say("notInVpn", { adapter: adapter.name }), hostEvidence(path));
    const echoes = echoesTo(path, reach.address ?? "");
    const answered = echoes.find(({ try: one }) => one.outcome === "reply");
    const [unanswered] = echoes;
    // A VPN that drops ICMP drops Windows' own echo too: only where Windows gets its reply is mirroring to blame.
    if (unanswered === undefined) return notChecked(say("windowsDidNotPing"));
    if (answered === undefined) return rejected(say("windowsToo"), [unanswered.id]);
    return fires({
      confidence: "inferred",
      segment: "linux-nic",
      between: null,
      direction: null,
      summary: say("found", {
        address: reach.address,
        silent: silent.length,
        adapter: adapter.name,
      }),
      evidence: [...silent.map(({ id }) => id), answered.id, ...hostEvidence(path)],
      fixes: [],
    });
  },
});
