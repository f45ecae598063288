// The Host Network Service has no network of WSL's, so that the distro got no card or no address.

import { hostEvidence, settingsOf } from "../../../facts/reach/path-host.ts";
import { readHost } from "../../../host/host.ts";
import { rowsOf, whyUnread } from "../../../host/sources.ts";
import { cause } from "../../cause.ts";
import { aged } from "../../confidence.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { askedMode, RENEW_NETWORK } from "./mode.ts";

/** "WSL" and "WSL (Hyper-V firewall)", as WSL names its networks. */
const OF_WSL = /^wsl\b/i;

export const hnsWslNetworkBroken = cause({
  id: "hns-wsl-network-broken",
  area: "wsl-network",
  title: "The Host Network Service of Windows has no network for WSL",
  segment: "vswitch",
  severity: "fault",
  direction: "both",
  dependsOn: ["networking-none", "nat-service-disabled", "network-manager-took-address"],
  differentialCauses: ["nat-fallback-changed-mode", "nat-service-disabled"],
  needs: ["snapshot", "brokenNetwork"],
  judge: ({ path }, { snapshot, brokenNetwork }) => {
    const { gets, evidence } = brokenNetwork;
    if (gets === "gateway-silent" || gets === "not-forwarded") {
      return rejected(say("hasAddress"), evidence);
    }
    const settings = settingsOf(path);
    const asked = settings === null ? null : askedMode(settings);
    if (asked !== null && asked !== "nat")
      return rejected(say("otherMode", { asked }), hostEvidence(path));
    const source = readHost(snapshot).hnsNetworks;
    const unread = whyUnread(source);
    if (unread !== null) return notChecked(say("unread", { reason: unread }));
    const rows = rowsOf(source);
    const own = rows.find(({ name }) => OF_WSL.test(name));
    if (own !== undefined) return rejected(say("isThere", { name: own.name }), hostEvidence(path));
    return fires({
      confidence: aged(path, "measured"),
      segment: "vswitch",
      between: null,
      direction: "both",
      summary: say("found", {
        hasNoCard: gets === "no-card",
        others: rows.map(({ name }) => name),
      }),
      evidence: [...hostEvidence(path), ...evidence],
      fixes: [RENEW_NETWORK],
    });
  },
});
