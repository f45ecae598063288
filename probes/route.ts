// The kernel's route to the target and what it has learnt of the PMTU, before the probes and after them.

import type { Family } from "../src/model/events/common.ts";
import type { RouteOutcome } from "../src/model/events/guest.ts";
import { gatewayFor } from "../src/model/guest-route.ts";
import type { Path } from "../src/model/path.ts";
import type { Probe } from "../src/probe.ts";
import type { Libc } from "./native/libc.ts";
import { kernelRoute } from "./native/route-socket.ts";
import type { System } from "./system.ts";

export interface RouteDeps {
  readonly libc: Libc;
  readonly system: System;
  zoneIndex(address: string): number;
}

export function createRouteProbe(deps: RouteDeps, when: "before" | "after"): Probe {
  return async (context) => {
    for (const { address, family } of context.path().addresses?.addresses ?? []) {
      const zone = deps.zoneIndex(address);
      const found = lookUp(deps.libc, context.path(), address, family, zone);
      const outcome =
        found.kind === "route" && found.cachedPmtu !== null && !(await isLearnt(deps, address))
          ? { ...found, cachedPmtu: null }
          : found;
      context.emit({ kind: "route-lookup", address, family, when, outcome });
    }
  };
}

/**
 * Whether a PMTU below the link's was learnt: `ip route get` shows "expires" on an exception and
 * not on a route that was given its MTU. Without iproute2 it is taken for learnt, the wider reading.
 */
async function isLearnt({ system }: RouteDeps, address: string): Promise<boolean> {
  const shown = await system.run("ip", ["route", "get", address], { timeoutMs: 2000 });
  return shown.exitCode !== 0 || /\bexpires\b/.test(shown.stdout);
}

function lookUp(
  libc: Libc,
  path: Path,
  address: string,
  family: Family,
  zone: number,
): RouteOutcome {
  const found = kernelRoute(libc, family, address, zone);
  if (found.kind === "no-route") return found;
  const owner = path.interfaces?.interfaces.find((link) =>
    link.addresses.some((own) => own.address === found.source),
  );
  const route = gatewayFor(path.routes?.routes ?? [], address);
  const name = route?.interface ?? owner?.name ?? "";
  const linkMtu =
    path.interfaces?.interfaces.find((link) => link.name === name)?.mtu ?? found.pathMtu;
  return {
    kind: "route",
    source: found.source,
    interface: name,
    gateway: route?.gateway ?? null,
    linkMtu,
    pathMtu: found.pathMtu,
    cachedPmtu: found.pathMtu < linkMtu ? found.pathMtu : null,
  };
}
