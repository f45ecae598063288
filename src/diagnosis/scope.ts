// Which causes a run may name: one that only asks for names, or only reads, has tried no way and heard no silence.

import type { Path } from "../model/path.ts";
import type { CauseId, KnownCause } from "./causes/list.ts";
import { notChecked } from "./outcome.ts";
import { type SaidIn, sayNeed } from "./words.ts";

/**
 * Wrong routes that stand in a table, and a full table: they are read, and explain why a name server is not heard.
 * What else sits outside the resolver would have to be concluded from a way that nobody tried.
 */
const READ: readonly CauseId[] = [
  "route-blocks",
  "no-default-route",
  "mirrored-routes-lost",
  "conntrack-full",
  "vpn-metric-steals-wsl-subnet",
  "vpn-more-specific-route",
  "nat-subnet-overlap",
];

/** Causes of the way out that a run about a service can know as well. */
const OF_SERVICE: readonly CauseId[] = [
  "linux-firewall-in-distro",
  "port-refused",
  "port-filtered",
];

/** Whether a cause is one of those that keep a service of the distro from others. */
export function isOfService({ id, area }: Pick<KnownCause, "id" | "area">): boolean {
  return area === "inbound" || OF_SERVICE.includes(id);
}

/** Why a run of that command cannot know the cause; null where it can. */
export function whyOutOfScope({ id, area, segment, ofNameServers }: KnownCause, path: Path) {
  const command = path.run?.command;
  if (command === "inbound" && !isOfService({ id, area })) {
    return notChecked(sayNeed("serviceAlone"));
  }
  if (command === "env" || command === "run")
    return READ.includes(id) ? null : notChecked(sayNeed("sendsNothing"));
  if (command !== "dns" || segment === "resolver") return null;
  // The way to a silent name server is followed by such a run, too.
  const followed = ofNameServers === true && path.resolverPath !== null;
  return followed || READ.includes(id) ? null : notChecked(sayNeed("namesAlone"));
}

export type SaidOfScope = SaidIn<NonNullable<ReturnType<typeof whyOutOfScope>>>;
