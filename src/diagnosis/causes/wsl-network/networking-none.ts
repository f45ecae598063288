// The distro has no network, because its settings ask for none, or because WSL fell back to none.

import { guestCards } from "../../../facts/reach/guest-cards.ts";
import { hostEvidence, settingsOf } from "../../../facts/reach/path-host.ts";
import { vantageFacts } from "../../../facts/vantage.ts";
import { cause } from "../../cause.ts";
import { fix } from "../../fixes.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { askedMode, NONE, setMode } from "./mode.ts";

export const networkingNone = cause({
  id: "networking-none",
  area: "wsl-network",
  title: "WSL runs with networkingMode=none: the distro has only its loopback",
  segment: "linux-nic",
  severity: "fault",
  direction: "both",
  dependsOn: [],
  differentialCauses: ["nat-fallback-changed-mode", "no-default-route"],
  needs: [],
  judge: ({ path, lookups }) => {
    const cards = guestCards(path);
    if (cards === null || path.interfaces === null) return notChecked(say("notRead"));
    const [card] = cards;
    const read = [path.interfaces.id];
    if (card !== undefined) return rejected(say("hasCard", { device: card.name }), read);
    if (lookups[0]?.outcome.kind === "route") return rejected(say("hasRoute"), read);
    const settings = settingsOf(path);
    const asked = settings === null ? null : askedMode(settings);
    const isNone = vantageFacts(path)?.networkingMode === NONE;
    if (settings !== null && asked !== NONE)
      return rejected(say("asksForOther"), hostEvidence(path));
    if (asked !== NONE && !isNone) return notChecked(say("modeUnknown"));
    return fires({
      // Without the file it may be a policy's wish, or what is left after two modes failed.
      confidence: asked === NONE ? "exact" : "candidate",
      segment: "linux-nic",
      between: null,
      direction: "both",
      summary: say("found", { isAsked: asked === NONE }),
      evidence: [...read, ...(asked === NONE ? hostEvidence(path) : [])],
      fixes: [setMode(say("useNat"), "nat"), SEE_ERROR],
    });
  },
});

const SEE_ERROR = fix({
  where: "windows",
  title: say("seeError"),
  commands: ["wsl --shutdown", "wsl -e true"],
  persistent: false,
});
