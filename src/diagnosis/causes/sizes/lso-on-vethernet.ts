// An upload stalls behind WSL's switch, whose adapter in Windows cuts large segments itself.

import { stalledUploads } from "../../../facts/connection/transfer.ts";
import { isLoss, measuredLoss } from "../../../facts/loss/loss-measurement.ts";
import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { readHost } from "../../../host/host.ts";
import { rowsOf, whyUnread } from "../../../host/sources.ts";
import { cause } from "../../cause.ts";
import { commandInterface } from "../../command-values.ts";
import { fix } from "../../fixes.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { asReported, say } from "../../words.ts";

export const lsoOnVethernet = cause({
  id: "lso-on-vethernet",
  area: "sizes",
  title: "Large send offload is on at WSL's switch in Windows, and an upload stalls",
  segment: "vswitch",
  severity: "note",
  direction: "outbound",
  dependsOn: [],
  differentialCauses: ["transfer-stalls", "path-loss", "pmtu-outbound-blackhole"],
  needs: ["nat", "snapshot", "route"],
  judge: ({ path, outbound }, { nat, snapshot, route }) => {
    const stalled = stalledUploads(path);
    if (path.uploads.length === 0) return notChecked(say("noUpload"));
    if (stalled === null)
      return rejected(
        say("goesOn"),
        path.uploads.map(({ id }) => id),
      );
    if (outbound.estimate.below !== null) return rejected(say("limited"), outbound.evidence);
    const loss = measuredLoss(path);
    if (loss !== null && isLoss(loss)) return rejected(say("pathLoses"), []);
    const source = readHost(snapshot).largeSendOffloads;
    const why = whyUnread(source);
    if (why !== null) return notChecked(asReported({ reason: why }));
    const own = rowsOf(source).find(({ name }) => name === nat.adapter.name);
    if (own === undefined) return notChecked(say("noRow"));
    if (own.ipv4 !== true && own.ipv6 !== true) {
      return rejected(say("switchedOff", { adapter: own.name }), hostEvidence(path));
    }
    return fires({
      // It is on everywhere: only a try without it tells.
      confidence: "candidate",
      segment: "vswitch",
      between: null,
      direction: "outbound",
      summary: say("found", { adapter: own.name }),
      evidence: [...stalled.map(({ id }) => id), ...hostEvidence(path)],
      fixes: [...guestFix(route.interface), WINDOWS_FIX],
    });
  },
});

/** Sends what the wire takes, so that Windows has nothing to cut. */
function guestFix(name: string) {
  const device = commandInterface(name);
  if (device === null) return [];
  const commands = [`sudo ethtool -K ${device} tso off gso off`];
  return [fix({ where: "linux", title: say("cutHere", { device }), commands, persistent: false })];
}

const WINDOWS_FIX = fix({
  where: "windows-admin",
  title: say("switchOff"),
  commands: ['Disable-NetAdapterLso -IncludeHidden -Name "vEthernet (WSL*"'],
  persistent: false,
});
