// .wslconfig asks for bridged mode, and no switch of Hyper-V is there to bridge to.

import { hostEvidence, settingsOf } from "../../../facts/reach/path-host.ts";
import { hostLinks } from "../../../host/links.ts";
import { cause } from "../../cause.ts";
import { aged } from "../../confidence.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { askedMode, setMode } from "./mode.ts";

export const bridgedWithoutSwitch = cause({
  id: "bridged-without-switch",
  area: "wsl-network",
  title: "Bridged mode has no switch of Hyper-V that leads anywhere",
  segment: "vswitch",
  severity: "fault",
  direction: "both",
  dependsOn: ["networking-none", "nat-service-disabled"],
  differentialCauses: ["nat-fallback-changed-mode", "gateway-unreachable"],
  needs: ["snapshot", "brokenNetwork"],
  judge: ({ path }, { snapshot, brokenNetwork }) => {
    const settings = settingsOf(path);
    if (settings === null) return notChecked(say("settingsUnread"));
    if (askedMode(settings) !== "bridged") return rejected(say("otherMode"), hostEvidence(path));
    const named = settings.get("wsl2.vmswitch") ?? null;
    if (named !== null) {
      const alias = `vethernet (${named.trim().toLowerCase()})`;
      const link = hostLinks(snapshot).find(({ name }) => name.toLowerCase() === alias);
      if (link !== undefined && link.up !== false) {
        return rejected(say("isThere", { name: link.name }), hostEvidence(path));
      }
    }
    return fires({
      // A switch without an adapter of Windows' own on it is not in the list of adapters.
      confidence: aged(path, named === null ? "exact" : "inferred"),
      segment: "vswitch",
      between: null,
      direction: "both",
      summary: say("found", { named }),
      evidence: [...hostEvidence(path), ...brokenNetwork.evidence],
      fixes: [setMode(say("useMirrored"), "mirrored")],
    });
  },
});
