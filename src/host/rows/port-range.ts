// "excludedPortRanges": the ports that Windows keeps for itself.

import { type Fields, field, integerOf } from "../values.ts";

/** A range of ports (netsh interface ipv4 show excludedportrange). */
export interface PortRangeRow {
  readonly startPort: number;
  readonly endPort: number;
}

const MAX_PORT = 65_535;

export function portRangeRow(fields: Fields): PortRangeRow | string {
  const startPort = integerOf(field(fields, "StartPort", "Start"));
  const endPort = integerOf(field(fields, "EndPort", "End")) ?? startPort;
  const isRange = startPort !== null && endPort !== null && startPort <= endPort;
  return isRange && startPort >= 0 && endPort <= MAX_PORT
    ? { startPort, endPort }
    : "it has no StartPort and EndPort";
}
