// Get-NetIPInterface: what IP knows of an interface, once per family.

import type { Family } from "../address.ts";
import { connectedOf, type Fields, familyOf, field, integerOf, mtuOf } from "../values.ts";
import { type InterfaceRef, interfaceRef, isActive, NO_INTERFACE } from "./interface-ref.ts";

/** A row of Get-NetIPInterface (MSFT_NetIPInterface), one per interface and family. */
export interface NetIpInterfaceRow extends InterfaceRef {
  readonly family: Family;
  /** NlMtu, bytes; null when unset or "no limit". */
  readonly mtu: number | null;
  readonly metric: number | null;
  readonly connected: boolean | null;
  /** False for rows of the persistent store, which are not in force. */
  readonly active: boolean;
}

export function netIpInterfaceRow(fields: Fields): NetIpInterfaceRow | string {
  const ref = interfaceRef(fields);
  const family = familyOf(field(fields, "AddressFamily", "Family"));
  if (ref === null) return NO_INTERFACE;
  if (family === null) return "its AddressFamily is neither IPv4 (2) nor IPv6 (23)";
  return {
    ...ref,
    family,
    mtu: mtuOf(field(fields, "NlMtu", "NlMtu(Bytes)", "NlMtuBytes")),
    metric: integerOf(field(fields, "InterfaceMetric", "ifMetric")),
    connected: connectedOf(field(fields, "ConnectionState", "State")),
    active: isActive(fields),
  };
}
