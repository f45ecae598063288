// This WSL copies Windows' smallest MTU to the distro's card, and the card has a larger one: the copy is out of date.

import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { readHost } from "../../../host/host.ts";
import { rowsOf } from "../../../host/sources.ts";
import type { HostSnapshot } from "../../../schema/host-snapshot.ts";
import { cause } from "../../cause.ts";
import { aged } from "../../confidence.ts";
import { fix } from "../../fixes.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { wslMtu } from "./wsl-mtu.ts";

export const natMtuSyncStale = cause({
  id: "nat-mtu-sync-stale",
  area: "sizes",
  title: "WSL has not copied Windows' smallest MTU to the distro's network card",
  segment: "vswitch",
  severity: "note",
  direction: null,
  dependsOn: [],
  differentialCauses: ["vpn-mtu-inbound-blackhole", "nat-mtu-too-low"],
  needs: [],
  judge: (facts) => {
    const { path, inbound, outbound } = facts;
    const isLimited = inbound.hungIn !== null || outbound.estimate.bytes !== null;
    if (!isLimited) return rejected(say("noLimit"), []);
    const taken = meet(facts, "snapshot");
    if (taken.kind !== "met") return taken;
    const found = wslMtu(facts);
    if (found.kind !== "met") return found;
    const { device, mtu, smallest, evidence } = found.value;
    if (mtu <= smallest.mtu) return rejected(say("isCopied", { device, mtu }), evidence);
    const version = copyingVersion(taken.value);
    if (version === null) return notChecked(say("versionUnknown"));
    return fires({
      confidence: aged(path, "measured"),
      segment: "vswitch",
      between: null,
      direction: null,
      summary: say("found", { device, mtu, smallest: { ...smallest }, version }),
      evidence: [...evidence, ...hostEvidence(path)],
      fixes: [
        fix({
          where: "windows",
          title: say("copyAgain"),
          commands: ["wsl --shutdown"],
          persistent: false,
        }),
      ],
    });
  },
});

/** From 2.0 on every release copies it (it began in early 2023, with one that is not known); null for others. */
function copyingVersion(snapshot: HostSnapshot): string | null {
  const version = rowsOf(readHost(snapshot).wsl)[0]?.version ?? null;
  const major = Number(/^(\d+)\./.exec(version ?? "")?.[1] ?? 0);
  return major >= 2 ? version : null;
}
