// What tells the filters of Windows apart, which look the same from the distro: what counts packets in Windows.

import { fix } from "../../fixes.ts";
import { sayFix } from "../../words.ts";

/** The last drops of the Windows Filtering Platform, with the filters that made them. */
export const SEE_FILTERS = fix({
  where: "windows-admin",
  title: sayFix("seeFilters"),
  commands: ["netsh wfp show netevents file=-", "netsh wfp show filters file=-"],
  persistent: false,
});

/** Every component that drops, with its reason. */
export const COUNT_DROPS = fix({
  where: "windows-admin",
  title: sayFix("countDrops"),
  commands: [
    "pktmon start --counters-only",
    "Start-Sleep 10",
    "pktmon counters --type drop",
    "pktmon stop",
  ],
  persistent: false,
});
