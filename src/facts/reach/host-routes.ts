// Routes of the Windows host that are meant for the target.

import { addressOf, inPrefix } from "../../host/address.ts";
import { describeRoute, sameAdapter, type UsableRoute, usableRoutes } from "../../host/routes.ts";
import type { Path } from "../../model/path.ts";
import { tracedAddress } from "../connection/subject.ts";

/** Those that lead elsewhere than to an adapter; none of them is a default route. */
export function hostRoutesTo(
  path: Path,
  notOver: { readonly name: string; readonly ifIndex: number | null } | null,
): readonly UsableRoute[] {
  const snapshot = path.host?.snapshot ?? null;
  const target = addressOf(tracedAddress(path) ?? "");
  if (snapshot === null || target === null) return [];
  return usableRoutes(snapshot).filter(
    ({ prefix, adapter }) =>
      prefix.length > 0 &&
      inPrefix(target, prefix) &&
      (notOver === null || !sameAdapter(adapter, notOver)),
  );
}

/** The first two, for people. */
export function formatRoutes(routes: readonly UsableRoute[]): string {
  return routes.slice(0, 2).map(describeRoute).join("; ");
}
