// Every rule, in the order in which a user is stopped: names, route, reaching, sizes, TLS.

import type { Rule } from "../rule.ts";
import { adminProhibited } from "./admin-prohibited.ts";
import { autoproxyStale } from "./autoproxy-stale.ts";
import { captivePortal } from "./captive-portal.ts";
import { clockSkew } from "./clock-skew.ts";
import { conntrackFull } from "./conntrack-full.ts";
import { destinationDown } from "./destination-down.ts";
import { dnsAnswerForged } from "./dns-answer-forged.ts";
import { dnsLargeAnswerLost } from "./dns-large-answer-lost.ts";
import { dnsNameDoesNotExist } from "./dns-name-does-not-exist.ts";
import { dnsProxyBlockedByLocalFirewall } from "./dns-proxy-blocked-by-local-firewall.ts";
import { dnsProxyStalls } from "./dns-proxy-stalls.ts";
import { dnsProxyUdpOnly } from "./dns-proxy-udp-only.ts";
import { dnsServerRefuses } from "./dns-server-refuses.ts";
import { dnsServerUnreachable } from "./dns-server-unreachable.ts";
import { dnsSuffixMissing } from "./dns-suffix-missing.ts";
import { dnsTcpBlocked } from "./dns-tcp-blocked.ts";
import { dnsTunnelingLocalDelay } from "./dns-tunneling-local-delay.ts";
import { dnsTunnelingOffOrUnsupported } from "./dns-tunneling-off-or-unsupported.ts";
import { dnsTunnelingStrictEdns } from "./dns-tunneling-strict-edns.ts";
import { dnsTunnelingVpnConflict } from "./dns-tunneling-vpn-conflict.ts";
import { dnsV6QueryDelay } from "./dns-v6-query-delay.ts";
import { dockerBridgeOverlap } from "./docker-bridge-overlap.ts";
import { ecmpBranchBroken } from "./ecmp-branch-broken.ts";
import { gatewayUnreachable } from "./gateway-unreachable.ts";
import { hnsDnsRuleStale } from "./hns-dns-rule-stale.ts";
import { hopSilent } from "./hop-silent.ts";
import { hostForwardingBlocked } from "./host-forwarding-blocked.ts";
import { hostsFileOverride } from "./hosts-file-override.ts";
import { icmpFiltered } from "./icmp-filtered.ts";
import { icmpRateLimited } from "./icmp-rate-limited.ts";
import { ipv6DisabledByRegistry } from "./ipv6-disabled-by-registry.ts";
import { ipv6PreferredButDead } from "./ipv6-preferred-but-dead.ts";
import { lanGatewayUnreachable } from "./lan-gateway-unreachable.ts";
import { linuxFirewallInDistro } from "./linux-firewall-in-distro.ts";
import { mirroredLocalPolicyRouting } from "./mirrored-local-policy-routing.ts";
import { mirroredRoutesLost } from "./mirrored-routes-lost.ts";
import { mirroredWrongSourceAddress } from "./mirrored-wrong-source-address.ts";
import { mssClamped } from "./mss-clamped.ts";
import { multipleHostNics } from "./multiple-host-nics.ts";
import { natSourceNotTranslated } from "./nat-source-not-translated.ts";
import { natSubnetOverlap } from "./nat-subnet-overlap.ts";
import { noDefaultRoute } from "./no-default-route.ts";
import { nrptOnlyVpnDns } from "./nrpt-only-vpn-dns.ts";
import { pathLoss } from "./path-loss.ts";
import { pmtuCached } from "./pmtu-cached.ts";
import { pmtuInboundBlackhole } from "./pmtu-inbound-blackhole.ts";
import { pmtuOutboundBlackhole } from "./pmtu-outbound-blackhole.ts";
import { portFiltered } from "./port-filtered.ts";
import { portRefused } from "./port-refused.ts";
import { proxyLocalhostNotMirrored } from "./proxy-localhost-not-mirrored.ts";
import { proxyRequiredButUnset } from "./proxy-required-but-unset.ts";
import { proxySetButDead } from "./proxy-set-but-dead.ts";
import { quicBlocked } from "./quic-blocked.ts";
import { resolvconfIpv6CrowdsOut } from "./resolvconf-ipv6-crowds-out.ts";
import { resolvconfManualStale } from "./resolvconf-manual-stale.ts";
import { resolvconfMissingOrDangling } from "./resolvconf-missing-or-dangling.ts";
import { resolvconfVpnNotRecognised } from "./resolvconf-vpn-not-recognised.ts";
import { routingLoop } from "./routing-loop.ts";
import { rpFilterDrop } from "./rp-filter-drop.ts";
import { systemdResolvedStubWithoutUpstream } from "./systemd-resolved-stub-without-upstream.ts";
import { tlsInspectionUntrustedCa } from "./tls-inspection-untrusted-ca.ts";
import { tlsMiddleboxReset } from "./tls-middlebox-reset.ts";
import { upstreamUnreachable } from "./upstream-unreachable.ts";
import { vpnClientInsideWsl } from "./vpn-client-inside-wsl.ts";
import { vpnMetricStealsWslSubnet } from "./vpn-metric-steals-wsl-subnet.ts";
import { vpnMoreSpecificRoute } from "./vpn-more-specific-route.ts";
import { vpnMtuInboundBlackhole } from "./vpn-mtu-inbound-blackhole.ts";
import { vpnMtuOutboundBlackhole } from "./vpn-mtu-outbound-blackhole.ts";
import { vpnTunnelDead } from "./vpn-tunnel-dead.ts";
import { wsl1UnsupportedOperation } from "./wsl1-unsupported-operation.ts";

export const RULES: readonly Rule[] = [
  mirroredRoutesLost,
  vpnMetricStealsWslSubnet,
  vpnMoreSpecificRoute,
  natSubnetOverlap,
  vpnClientInsideWsl,
  conntrackFull,
  resolvconfMissingOrDangling,
  nrptOnlyVpnDns,
  resolvconfIpv6CrowdsOut,
  resolvconfVpnNotRecognised,
  resolvconfManualStale,
  systemdResolvedStubWithoutUpstream,
  dnsProxyBlockedByLocalFirewall,
  hnsDnsRuleStale,
  dnsSuffixMissing,
  dnsTunnelingLocalDelay,
  dnsServerUnreachable,
  dnsServerRefuses,
  dnsProxyUdpOnly,
  dnsTcpBlocked,
  dnsTunnelingStrictEdns,
  dnsLargeAnswerLost,
  dnsAnswerForged,
  dnsNameDoesNotExist,
  dnsV6QueryDelay,
  dnsProxyStalls,
  dnsTunnelingOffOrUnsupported,
  hostsFileOverride,
  dnsTunnelingVpnConflict,
  noDefaultRoute,
  gatewayUnreachable,
  linuxFirewallInDistro,
  rpFilterDrop,
  lanGatewayUnreachable,
  vpnTunnelDead,
  hostForwardingBlocked,
  natSourceNotTranslated,
  ecmpBranchBroken,
  dockerBridgeOverlap,
  mirroredWrongSourceAddress,
  mirroredLocalPolicyRouting,
  multipleHostNics,
  routingLoop,
  adminProhibited,
  upstreamUnreachable,
  destinationDown,
  proxyRequiredButUnset,
  proxyLocalhostNotMirrored,
  autoproxyStale,
  proxySetButDead,
  portRefused,
  portFiltered,
  vpnMtuInboundBlackhole,
  pmtuInboundBlackhole,
  captivePortal,
  clockSkew,
  tlsMiddleboxReset,
  tlsInspectionUntrustedCa,
  ipv6PreferredButDead,
  pathLoss,
  vpnMtuOutboundBlackhole,
  pmtuOutboundBlackhole,
  pmtuCached,
  mssClamped,
  ipv6DisabledByRegistry,
  quicBlocked,
  wsl1UnsupportedOperation,
  icmpFiltered,
  icmpRateLimited,
  hopSilent,
];
