// Mirrored mode: the guest sends from the address of another adapter than the one Windows would take.

import type { Facts } from "../../../facts/facts.ts";
import type { HostAdapter } from "../../../host/adapters.ts";
import { cause } from "../../cause.ts";
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
    const source = `sudo ip route replace ${reach.address} dev ${right.device} src ${right.address}`;
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
      fixes: PLAIN.test(right.device)
        ? [
            {
              where: "linux",
              title: say("rightAddress"),
              commands: [source],
              persistent: false,
            },
          ]
        : [],
    });
  },
});

/** Names that need no quoting in a shell. */
const PLAIN = /^[A-Za-z0-9_.@-]{1,15}$/;

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
