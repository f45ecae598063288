// Mirrored mode: the guest sends from the address of another adapter than the one Windows would take.

import type { Facts } from "../../../facts/facts.ts";
import type { HostAdapter } from "../../../host/adapters.ts";
import { routeOnHost, sameAdapter } from "../../../host/routes.ts";
import { cause } from "../../cause.ts";
import { commandAddress, commandInterface } from "../../command-values.ts";
import { fix } from "../../fixes.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const mirroredWrongSourceAddress = cause({
  id: "mirrored-wrong-source-address",
  area: "route",
  title: "The mirrored guest sends from another adapter's address than Windows would",
  segment: "linux-stack",
  severity: "fault",
  direction: "outbound",
  dependsOn: ["mirrored-routes-lost"],
  differentialCauses: ["destination-down", "upstream-unreachable", "port-filtered"],
  needs: ["mirrored", "route"],
  judge: (facts, { route }) => {
    const { path, vpn, reach } = facts;
    if (vpn === null || !vpn.known) {
      return notChecked(say("hostRouteUnknown", { reason: vpn?.reason ?? null }));
    }
    const host = path.host === null ? [] : [path.host.id];
    const family = reach.address?.includes(":") ? 6 : 4;
    const right = ownOf(facts, vpn.adapter, family);
    const adapters = vpn.adapter.addresses.some(({ address }) => address === route.source);
    if (adapters)
      return rejected(say("rightSource", { source: route.source, adapter: vpn.adapter.name }), [
        route.id,
        ...host,
      ]);
    if (right === undefined) {
      return notChecked(say("noSuchAddress", { adapter: vpn.adapter.name }));
    }
    const failure = meet(facts, "failure");
    if (failure.kind !== "met") return failure;
    const other = reach.elsewhere.find(({ device }) => device === right.device);
    const via = nextHopOf(facts, vpn.adapter);
    return fires({
      confidence: other === undefined ? "inferred" : "measured",
      segment: "linux-stack",
      between: null,
      direction: "outbound",
      summary: say("found", {
        address: reach.address,
        adapter: vpn.adapter.name,
        right: right.address,
        device: route.interface,
        source: route.source,
        answersBy: other === undefined ? null : right.device,
      }),
      evidence: [route.id, ...failure.value, ...host, ...(other === undefined ? [] : [other.id])],
      fixes: sourceFixes(reach.address, via, right),
    });
  },
});

/** None where a value is not as it must be in a command. */
function sourceFixes(
  target: string | null,
  nextHop: string | null,
  right: { readonly device: string; readonly address: string },
) {
  const to = commandAddress(target ?? "");
  const via = nextHop === null ? null : commandAddress(nextHop);
  const device = commandInterface(right.device);
  const source = commandAddress(right.address);
  if (to === null || device === null || source === null) return [];
  if (nextHop !== null && via === null) return [];
  const hop = via === null ? "" : `via ${via} `;
  return [
    fix({
      where: "linux",
      title: say("rightAddress"),
      commands: [`sudo ip route replace ${to} ${hop}dev ${device} src ${source}`],
      persistent: false,
    }),
  ];
}

/** Of Windows' route over that adapter; null where the target is on its link, as behind a tunnel without neighbours. */
function nextHopOf({ path, reach }: Facts, adapter: HostAdapter): string | null {
  if (path.host?.snapshot == null || reach.address === null) return null;
  const route = routeOnHost(path.host.snapshot, reach.address);
  return route.known && sameAdapter(route.adapter, adapter) ? route.nextHop : null;
}

/** The guest's interface with an address of that adapter: mirrored, it has them all. */
function ownOf({ path }: Facts, { addresses }: HostAdapter, family: 4 | 6) {
  const wanted = new Set(
    addresses.filter((one) => one.family === family).map((one) => one.address),
  );
  for (const link of path.interfaces?.interfaces ?? []) {
    const found = link.addresses.find(({ address }) => wanted.has(address));
    if (found !== undefined) return { device: link.name, address: found.address };
  }
  return undefined;
}
