// Get-NetTCPConnection -State Listen: the ports that Windows' own programs listen on.

import { type Fields, field, integerOf, textOf } from "../values.ts";

export interface TcpListenerRow {
  readonly address: string;
  readonly port: number;
}

export function tcpListenerRow(fields: Fields): TcpListenerRow | string {
  const address = textOf(field(fields, "LocalAddress"));
  const port = integerOf(field(fields, "LocalPort"));
  return address === null || port === null
    ? "it has no LocalAddress and LocalPort"
    : { address, port };
}
