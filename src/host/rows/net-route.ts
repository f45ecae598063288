// Get-NetRoute: the host's routing table.

import { type Prefix, prefixOf, withZone } from "../address.ts";
import { addressFrom, type Fields, field, integerOf, textOf } from "../values.ts";
import { type InterfaceRef, interfaceRef, isActive, NO_INTERFACE } from "./interface-ref.ts";

/** A row of Get-NetRoute (MSFT_NetRoute). */
export interface NetRouteRow extends InterfaceRef {
  readonly prefix: Prefix;
  /** Null when the destination is on the link itself (next hop 0.0.0.0 or ::). */
  readonly nextHop: string | null;
  readonly routeMetric: number | null;
  readonly interfaceMetric: number | null;
  readonly active: boolean;
}

/** The prefix length may stand behind the destination or in PrefixLength. */
export function netRouteRow(fields: Fields): NetRouteRow | string {
  const ref = interfaceRef(fields);
  const destination = textOf(field(fields, "DestinationPrefix", "DestinationAddress")) ?? "";
  const prefix = prefixOf(destination, integerOf(field(fields, "PrefixLength")));
  const rawHop = field(fields, "NextHop");
  const hop = addressFrom(rawHop);
  if (ref === null) return NO_INTERFACE;
  if (prefix === null) return "its DestinationPrefix is no prefix";
  if (hop === null && rawHop !== undefined && !/^on-?link$/i.test(textOf(rawHop) ?? "")) {
    return "its NextHop is no address";
  }
  return {
    ...ref,
    prefix,
    nextHop: hop === null || ["0.0.0.0", "::"].includes(hop.address) ? null : withZone(hop),
    routeMetric: integerOf(field(fields, "RouteMetric")),
    interfaceMetric: integerOf(field(fields, "InterfaceMetric", "ifMetric")),
    active: isActive(fields),
  };
}
