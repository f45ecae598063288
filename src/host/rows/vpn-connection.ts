// Get-VpnConnection: the profiles of Windows' built-in VPN client.

import { booleanOf, type Fields, field, NO_NAME, textOf } from "../values.ts";

/** A row of Get-VpnConnection (VpnConnection class). */
export interface VpnConnectionRow {
  /** The profile's name, which is also its adapter's alias while it is connected. */
  readonly name: string;
  /** Address or name of the VPN server. */
  readonly server: string | null;
  /** ConnectionStatus; null when it is neither Connected nor Disconnected. */
  readonly connected: boolean | null;
  readonly splitTunneling: boolean | null;
  /** The domain that Windows appends to short names while it is connected. */
  readonly dnsSuffix: string | null;
}

export function vpnConnectionRow(fields: Fields): VpnConnectionRow | string {
  const name = textOf(field(fields, "Name"));
  if (name === null) return NO_NAME;
  const status = textOf(field(fields, "ConnectionStatus"))?.toLowerCase();
  return {
    name,
    server: textOf(field(fields, "ServerAddress")),
    connected: status === "connected" ? true : status === "disconnected" ? false : null,
    splitTunneling: booleanOf(field(fields, "SplitTunneling")),
    dnsSuffix: textOf(field(fields, "DnsSuffix")),
  };
}
