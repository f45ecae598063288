// Get-NetAdapter: the network adapters and their drivers.

import { booleanOf, type Fields, field, integerOf, mtuOf, textOf, upOf } from "../values.ts";
import { type InterfaceRef, interfaceRef, NO_INTERFACE } from "./interface-ref.ts";

/** A row of Get-NetAdapter (MSFT_NetAdapter). */
export interface NetAdapterRow extends InterfaceRef {
  readonly description: string | null;
  /** Status, English words on every locale seen; null when unknown. */
  readonly up: boolean | null;
  /** MtuSize, bytes: the driver's value, not the one that IP uses. */
  readonly mtu: number | null;
  /** IANA ifType: 6 Ethernet, 23 PPP, 24 loopback, 53 PROP_VIRTUAL, 71 Wi-Fi, 131 tunnel. */
  readonly interfaceType: number | null;
  readonly virtual: boolean | null;
  /** HardwareInterface or ConnectorPresent: there is a device or a plug. */
  readonly hardware: boolean | null;
}

export function netAdapterRow(fields: Fields): NetAdapterRow | string {
  const ref = interfaceRef(fields, "Name");
  if (ref === null) return NO_INTERFACE;
  return {
    ...ref,
    description: textOf(field(fields, "InterfaceDescription", "DriverDescription")),
    up: upOf(field(fields, "Status")) ?? upOf(field(fields, "InterfaceOperationalStatus")),
    mtu: mtuOf(field(fields, "MtuSize")),
    interfaceType: interfaceType(field(fields, "InterfaceType", "ifType")),
    virtual: booleanOf(field(fields, "Virtual")),
    hardware: eitherTrue(field(fields, "HardwareInterface"), field(fields, "ConnectorPresent")),
  };
}

// .NET's NetworkInterfaceType names, for snapshots that carry names (ipifcons.h has the numbers).
const TYPE_WORDS: Readonly<Record<string, number>> = {
  ethernet: 6,
  ethernetcsmacd: 6,
  ppp: 23,
  loopback: 24,
  softwareloopback: 24,
  propvirtual: 53,
  wireless80211: 71,
  ieee80211: 71,
  tunnel: 131,
};

function interfaceType(value: unknown): number | null {
  return integerOf(value) ?? TYPE_WORDS[(textOf(value) ?? "").toLowerCase()] ?? null;
}

function eitherTrue(a: unknown, b: unknown): boolean | null {
  const [first, second] = [booleanOf(a), booleanOf(b)];
  return first === true || second === true ? true : (first ?? second);
}
