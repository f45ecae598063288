// Which MTU WSL copies from Windows to the distro's card, and which one the card has.

import { tracedRoute } from "../../../facts/connection/subject.ts";
import type { Facts } from "../../../facts/facts.ts";
import { guestView } from "../../../facts/reach/path-host.ts";
import { hostAdapters } from "../../../host/adapters.ts";
import { readHost } from "../../../host/host.ts";
import { sameAdapter } from "../../../host/routes.ts";
import { rowsOf, whyUnread } from "../../../host/sources.ts";
import { met } from "../../needs/met.ts";
import { meet } from "../../needs/needs.ts";
import { notChecked } from "../../outcome.ts";
import { sayNeed } from "../../words.ts";

export interface WslMtu {
  readonly device: string;
  readonly mtu: number;
  /** The smallest NlMtu of Windows' connected interfaces of either family, WSL's switch left out, and whose it is. */
  readonly smallest: {
    readonly name: string;
    readonly mtu: number;
    readonly ifIndex: number | null;
  };
  readonly evidence: readonly string[];
}

/** NAT mode alone: mirrored mode copies each adapter's own. */
export function wslMtu(facts: Facts) {
  const { path } = facts;
  const relation = meet(facts, "nat");
  if (relation.kind !== "met") return relation;
  const taken = meet(facts, "snapshot");
  if (taken.kind !== "met") return taken;
  const route = tracedRoute(path);
  const link = path.interfaces?.interfaces.find(({ name }) => name === route?.interface);
  if (route === null || link === undefined) return notChecked(sayNeed("noRoute"));
  const source = readHost(taken.value).ipInterfaces;
  const adapters = hostAdapters(taken.value, guestView(path));
  const others = rowsOf(source).flatMap((row) => {
    const adapter = adapters.find((one) => sameAdapter(one, { name: row.alias ?? "", ...row }));
    const counts = row.active && row.connected === true && adapter?.kind !== "wsl-switch";
    return counts && row.mtu !== null
      ? [{ name: row.alias ?? `interface ${row.ifIndex}`, mtu: row.mtu, ifIndex: row.ifIndex }]
      : [];
  });
  const [smallest] = others.toSorted((a, b) => a.mtu - b.mtu);
  if (smallest === undefined) {
    return notChecked(sayNeed("asReported", { reason: whyUnread(source) ?? NO_ROWS }));
  }
  const evidence = [...(path.interfaces === null ? [] : [path.interfaces.id])];
  const found: WslMtu = { device: link.name, mtu: link.mtu, smallest, evidence };
  return met(found);
}

const NO_ROWS = "no connected interface of Windows has an MTU";
