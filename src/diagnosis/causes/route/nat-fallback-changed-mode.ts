// WSL could not set up the networking mode that .wslconfig asks for, and gave the distro no network card.

import { guestCards } from "../../../facts/reach/guest-cards.ts";
import { hostEvidence, settingsOf } from "../../../facts/reach/path-host.ts";
import { vantageFacts } from "../../../facts/vantage.ts";
import { wslVersions } from "../../../host/wsl-settings.ts";
import { cause } from "../../cause.ts";
import { fix } from "../../fixes.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { WSL_NETWORK } from "../groups.ts";
import { askedMode, NONE, setMode } from "../wsl-network/mode.ts";

/** What WSL sets up where .wslconfig says nothing. */
const DEFAULT_MODE = "nat";

export const natFallbackChangedMode = cause({
  id: "nat-fallback-changed-mode",
  area: "route",
  title: "WSL fell back to no network, and .wslconfig asks for one",
  segment: "linux-nic",
  severity: "fault",
  direction: "both",
  dependsOn: WSL_NETWORK,
  differentialCauses: [
    "no-default-route",
    "mirrored-routes-lost",
    "resolvconf-missing-or-dangling",
  ],
  needs: ["snapshot"],
  judge: ({ path, lookups }, { snapshot }) => {
    const cards = guestCards(path);
    if (cards === null || path.interfaces === null) return notChecked(say("notRead"));
    const [card] = cards;
    const read = [path.interfaces.id];
    if (card !== undefined) return rejected(say("hasCard", { device: card.name }), read);
    const outcome = lookups[0]?.outcome;
    if (outcome?.kind === "route") {
      return rejected(say("otherWay", { device: outcome.interface }), read);
    }
    if (vantageFacts(path)?.kind === "wsl1") return rejected(say("isWsl1"), read);
    const settings = settingsOf(path);
    if (settings === null) return notChecked(say("settingsUnread"));
    const asked = askedMode(settings);
    if (asked === NONE) return rejected(say("asksForNone"), hostEvidence(path));
    const versions = wslVersions(snapshot);
    return fires({
      confidence: "exact",
      segment: "linux-nic",
      between: null,
      direction: "both",
      summary: say("found", {
        asked,
        wsl: versions?.version ?? null,
        windows: versions?.windows ?? null,
      }),
      evidence: [...read, ...hostEvidence(path)],
      fixes: [
        fix({
          where: "windows",
          title: say("seeError"),
          commands: ["wsl --shutdown", "wsl -e true"],
          persistent: false,
        }),
        fix({
          where: "windows-admin",
          title: say("restartWindows"),
          commands: ["Restart-Computer"],
          persistent: false,
        }),
        ...(asked === null || asked === DEFAULT_MODE ? [] : [USE_NAT]),
      ],
    });
  },
});

const USE_NAT = setMode(say("useNat"), DEFAULT_MODE);
