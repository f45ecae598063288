// How Windows calls the host's interfaces.

import * as at from "./addresses.ts";
import { SWITCH_METRIC, VPN_METRIC, wifiMetric } from "./metrics.ts";
import { LAN_ALIAS, SWITCH_ALIAS, VPN_ALIAS } from "./names.ts";
import type { WindowsAdapter } from "./topology.ts";

// IANA ifType numbers.
const TYPE_ETHERNET = 6;
const TYPE_PPP = 23;
const TYPE_WIFI = 71;

export const SWITCH_ADAPTER: WindowsAdapter = {
  interface: "vswitch0",
  alias: SWITCH_ALIAS,
  description: "Hyper-V Virtual Ethernet Adapter",
  interfaceType: TYPE_ETHERNET,
  virtual: true,
  metric: SWITCH_METRIC,
  vpn: null,
};

/** The Wi-Fi card. */
export function lanAdapter(underVpn: boolean): WindowsAdapter {
  return {
    interface: "wifi0",
    alias: LAN_ALIAS,
    description: "Intel(R) Wi-Fi 6 AX201 160MHz",
    interfaceType: TYPE_WIFI,
    virtual: false,
    metric: wifiMetric(underVpn),
    vpn: null,
  };
}

export const VPN_ADAPTER: WindowsAdapter = {
  interface: "vpn0",
  alias: VPN_ALIAS,
  description: "WAN Miniport (IKEv2)",
  interfaceType: TYPE_PPP,
  virtual: true,
  metric: VPN_METRIC,
  vpn: { serverAddress: at.VPN_GATEWAY.v4, tunnelType: "Ikev2", split: false },
};

export const SPLIT_ADAPTER: WindowsAdapter = {
  ...VPN_ADAPTER,
  vpn: { serverAddress: at.VPN_GATEWAY.v4, tunnelType: "Ikev2", split: true },
};
