// Hyper-V's switch, or what extends it, drops the distro's packets or the answers to them.

import { switchDrops } from "../../../facts/reach/held-in-windows.ts";
import { formatHostDrop } from "../../../facts/reach/host-counters.ts";
import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { readHost } from "../../../host/host.ts";
import type { SwitchExtensionRow } from "../../../host/rows/switch-extension.ts";
import { rowsOf, whyUnread } from "../../../host/sources.ts";
import { cause } from "../../cause.ts";
import { aged } from "../../confidence.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { BEFORE_THE_HOST } from "../groups.ts";
import { COUNT_DROPS } from "./tell.ts";

export const vfpOrSwitchExtensionDrop = cause({
  id: "vfp-or-switch-extension-drop",
  area: "windows-filter",
  title: "WSL's switch in Windows, or an extension of it, drops the distro's packets",
  segment: "vswitch",
  severity: "fault",
  direction: null,
  dependsOn: [
    ...BEFORE_THE_HOST,
    "hyperv-firewall-blocks-outbound",
    "vpn-tunnel-dead",
    "windows-firewall-blocks-guest-to-host",
    "fse-porttracker-missing",
  ],
  differentialCauses: [
    "endpoint-security-drops-wsl",
    "host-forwarding-blocked",
    "hyperv-firewall-blocks-outbound",
  ],
  needs: ["heldInWindows", "snapshot"],
  judge: ({ path }, { snapshot, heldInWindows }) => {
    const dropped = switchDrops(path);
    const source = readHost(snapshot).switchExtensions;
    const unread = whyUnread(source);
    const counted = path.hostCounters?.reason === null ? [path.hostCounters.id] : [];
    if (dropped.length === 0 && unread !== null) {
      return notChecked(say("unread", { reason: unread }));
    }
    const extension = rowsOf(source).find(isForeign);
    if (dropped.length === 0 && extension === undefined) {
      return rejected(say("nothingForeign"), hostEvidence(path));
    }
    // What was counted elsewhere, and not here, is no work of an extension.
    if (dropped.length === 0 && counted.length > 0) {
      return rejected(say("countedNone"), counted);
    }
    return fires({
      confidence: aged(path, dropped.length > 0 ? "measured" : "candidate"),
      segment: "vswitch",
      between: null,
      direction: null,
      summary: say("found", {
        drops: dropped.slice(0, SHOWN).map(formatHostDrop),
        extension: extension === undefined ? null : { ...extension },
        windows: heldInWindows.windows.reason,
      }),
      evidence: [...hostEvidence(path), ...heldInWindows.evidence, ...counted],
      fixes: dropped.length > 0 ? [] : [COUNT_DROPS],
    });
  },
});

const SHOWN = 2;

/** Of WSL's switch, and not what Windows brings along. */
function isForeign({ vendor, enabled, switchName }: SwitchExtensionRow): boolean {
  const isOfWsl = switchName === null || /^wsl\b/i.test(switchName);
  return enabled === true && isOfWsl && !/^microsoft\b/i.test(vendor ?? "Microsoft");
}
