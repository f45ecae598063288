// WSL's switch is there in Windows, and its adapter has no connection.

import { guestView, hostEvidence } from "../../../facts/reach/path-host.ts";
import { hostAdapters } from "../../../host/adapters.ts";
import { cause } from "../../cause.ts";
import { aged } from "../../confidence.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { RENEW_NETWORK } from "./mode.ts";

export const vethernetDisconnected = cause({
  id: "vethernet-disconnected",
  area: "wsl-network",
  title: "Windows' adapter on WSL's switch is disconnected",
  segment: "vswitch",
  severity: "fault",
  direction: "both",
  dependsOn: ["networking-none", "nat-service-disabled", "hns-wsl-network-broken"],
  differentialCauses: ["gateway-unreachable", "hns-wsl-network-broken"],
  needs: ["snapshot", "brokenNetwork"],
  judge: ({ path }, { snapshot, brokenNetwork }) => {
    const { gets, evidence } = brokenNetwork;
    if (gets === "not-forwarded") return rejected(say("windowsAnswers"), evidence);
    const own = hostAdapters(snapshot, guestView(path)).filter(({ kind }) => kind === "wsl-switch");
    const [adapter] = own;
    if (adapter === undefined) return notChecked(say("noSwitch"));
    if (own.some(({ up }) => up !== false)) {
      return rejected(say("connected", { name: adapter.name }), hostEvidence(path));
    }
    return fires({
      confidence: aged(path, "measured"),
      segment: "vswitch",
      between: null,
      direction: "both",
      summary: say("found", { name: adapter.name }),
      evidence: [...hostEvidence(path), ...evidence],
      fixes: [RENEW_NETWORK],
    });
  },
});
