// Windows' interface metrics, which the lab's routes carry.

// The effective one is RouteMetric + InterfaceMetric.
export const SWITCH_METRIC = 5000;
const WIFI_METRIC = 35;
/** What a force tunnel of Windows' own client raises the other adapters' metric to. */
const WIFI_METRIC_UNDER_VPN = 4250;
export const VPN_METRIC = 25;

/** The Wi-Fi adapter's InterfaceMetric. */
export function wifiMetric(underVpn: boolean): number {
  return underVpn ? WIFI_METRIC_UNDER_VPN : WIFI_METRIC;
}
