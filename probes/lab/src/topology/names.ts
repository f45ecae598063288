// Names and sizes that several parts of the lab's data share.

export const SWITCH_ALIAS = "vEthernet (WSL)";
export const LAN_ALIAS = "Wi-Fi";
export const VPN_ALIAS = "MSFTVPN";

/** What Ethernet carries. */
export const ETHERNET_MTU = 1500;
/** The lab's usual tunnel, the size of Windows' own IKEv2 client. */
export const TUNNEL_MTU = 1400;
