// Every cause, in the order in which a user is stopped: names, route, reaching, sizes, TLS.

import type { Cause } from "../cause.ts";
import { attemptFailed } from "./application/attempt-failed.ts";
import { connectionClosed } from "./application/connection-closed.ts";
import { dataCorrupted } from "./application/data-corrupted.ts";
import { serverRefuses } from "./application/server-refuses.ts";
import { serverSilent } from "./application/server-silent.ts";
import { tlsNotSpoken } from "./application/tls-not-spoken.ts";
import { transferStalls } from "./application/transfer-stalls.ts";
import { hostForwardingBlocked } from "./host/host-forwarding-blocked.ts";
import { hostWithoutIpv4 } from "./host/host-without-ipv4.ts";
import { lanGatewayUnreachable } from "./host/lan-gateway-unreachable.ts";
import { natSourceNotTranslated } from "./host/nat-source-not-translated.ts";
import { vpnTunnelDead } from "./host/vpn-tunnel-dead.ts";
import { excludedPortRange } from "./inbound/excluded-port-range.ts";
import { guestBoundToLoopback } from "./inbound/guest-bound-to-loopback.ts";
import { hypervFirewallBlocksInbound } from "./inbound/hyperv-firewall-blocks-inbound.ts";
import { localhostForwardingBroken } from "./inbound/localhost-forwarding-broken.ts";
import { mirroredLowMtuLoopback } from "./inbound/mirrored-low-mtu-loopback.ts";
import { mirroredPortConflict } from "./inbound/mirrored-port-conflict.ts";
import { portproxyToOldAddress } from "./inbound/portproxy-to-old-address.ts";
import { ipv6DisabledByRegistry } from "./ipv6/ipv6-disabled-by-registry.ts";
import { ipv6PreferredButDead } from "./ipv6/ipv6-preferred-but-dead.ts";
import { mirroredHostAddressLoopback } from "./mirrored/mirrored-host-address-loopback.ts";
import { mirroredJumboBlackhole } from "./mirrored/mirrored-jumbo-blackhole.ts";
import { mirroredPingOnlyBroken } from "./mirrored/mirrored-ping-only-broken.ts";
import { mirroredTcpDeadIcmpAlive } from "./mirrored/mirrored-tcp-dead-icmp-alive.ts";
import { mirroredVpnArpRegression } from "./mirrored/mirrored-vpn-arp-regression.ts";
import { dnsAnswerForged } from "./names/dns-answer-forged.ts";
import { dnsAnswerOversize } from "./names/dns-answer-oversize.ts";
import { dnsEdnsDropped } from "./names/dns-edns-dropped.ts";
import { dnsLargeAnswerLost } from "./names/dns-large-answer-lost.ts";
import { dnsNameBlocked } from "./names/dns-name-blocked.ts";
import { dnsNameDoesNotExist } from "./names/dns-name-does-not-exist.ts";
import { dnsNegativeAnswerLost } from "./names/dns-negative-answer-lost.ts";
import { dnsServerFails } from "./names/dns-server-fails.ts";
import { dnsServerRefuses } from "./names/dns-server-refuses.ts";
import { dnsServerSlow } from "./names/dns-server-slow.ts";
import { dnsServerUnreachable } from "./names/dns-server-unreachable.ts";
import { dnsSuffixMissing } from "./names/dns-suffix-missing.ts";
import { dnsTcpBlocked } from "./names/dns-tcp-blocked.ts";
import { dnsV6QueryDelay } from "./names/dns-v6-query-delay.ts";
import { nrptOnlyVpnDns } from "./names/nrpt-only-vpn-dns.ts";
import { autoproxyStale } from "./proxy/autoproxy-stale.ts";
import { proxyLocalhostNotMirrored } from "./proxy/proxy-localhost-not-mirrored.ts";
import { proxyRefuses } from "./proxy/proxy-refuses.ts";
import { proxyRequiredButUnset } from "./proxy/proxy-required-but-unset.ts";
import { proxySetButDead } from "./proxy/proxy-set-but-dead.ts";
import { adminProhibited } from "./reach/admin-prohibited.ts";
import { destinationDown } from "./reach/destination-down.ts";
import { ecmpBranchBroken } from "./reach/ecmp-branch-broken.ts";
import { ecnLost } from "./reach/ecn-lost.ts";
import { gatewayUnreachable } from "./reach/gateway-unreachable.ts";
import { hopSilent } from "./reach/hop-silent.ts";
import { icmpFiltered } from "./reach/icmp-filtered.ts";
import { icmpRateLimited } from "./reach/icmp-rate-limited.ts";
import { newConnectionsLost } from "./reach/new-connections-lost.ts";
import { nothingAnswers } from "./reach/nothing-answers.ts";
import { pathLoss } from "./reach/path-loss.ts";
import { portFiltered } from "./reach/port-filtered.ts";
import { portRefused } from "./reach/port-refused.ts";
import { routingLoop } from "./reach/routing-loop.ts";
import { someAddressesDead } from "./reach/some-addresses-dead.ts";
import { upstreamUnreachable } from "./reach/upstream-unreachable.ts";
import { hostsFileOverride } from "./resolver-file/hosts-file-override.ts";
import { libcResolvesOtherwise } from "./resolver-file/libc-resolves-otherwise.ts";
import { resolvconfIpv6CrowdsOut } from "./resolver-file/resolvconf-ipv6-crowds-out.ts";
import { resolvconfManualStale } from "./resolver-file/resolvconf-manual-stale.ts";
import { resolvconfMissingOrDangling } from "./resolver-file/resolvconf-missing-or-dangling.ts";
import { resolvconfVpnNotRecognised } from "./resolver-file/resolvconf-vpn-not-recognised.ts";
import { systemdResolvedStubWithoutUpstream } from "./resolver-file/systemd-resolved-stub-without-upstream.ts";
import { dockerBridgeOverlap } from "./route/docker-bridge-overlap.ts";
import { mirroredLocalPolicyRouting } from "./route/mirrored-local-policy-routing.ts";
import { mirroredRoutesLost } from "./route/mirrored-routes-lost.ts";
import { mirroredWrongSourceAddress } from "./route/mirrored-wrong-source-address.ts";
import { multipleHostNics } from "./route/multiple-host-nics.ts";
import { natFallbackChangedMode } from "./route/nat-fallback-changed-mode.ts";
import { natSubnetOverlap } from "./route/nat-subnet-overlap.ts";
import { networkManagerTookAddress } from "./route/network-manager-took-address.ts";
import { noDefaultRoute } from "./route/no-default-route.ts";
import { routeBlocks } from "./route/route-blocks.ts";
import { vpnClientInsideWsl } from "./route/vpn-client-inside-wsl.ts";
import { vpnMetricStealsWslSubnet } from "./route/vpn-metric-steals-wsl-subnet.ts";
import { vpnMoreSpecificRoute } from "./route/vpn-more-specific-route.ts";
import { dockerMtuAboveEth0 } from "./sizes/docker-mtu-above-eth0.ts";
import { fragmentedUdpDropped } from "./sizes/fragmented-udp-dropped.ts";
import { lsoOnVethernet } from "./sizes/lso-on-vethernet.ts";
import { mssClamped } from "./sizes/mss-clamped.ts";
import { natMtuSyncStale } from "./sizes/nat-mtu-sync-stale.ts";
import { natMtuTooLow } from "./sizes/nat-mtu-too-low.ts";
import { pmtuCached } from "./sizes/pmtu-cached.ts";
import { pmtuInboundBlackhole } from "./sizes/pmtu-inbound-blackhole.ts";
import { pmtuOutboundBlackhole } from "./sizes/pmtu-outbound-blackhole.ts";
import { vpnMtuInboundBlackhole } from "./sizes/vpn-mtu-inbound-blackhole.ts";
import { vpnMtuOutboundBlackhole } from "./sizes/vpn-mtu-outbound-blackhole.ts";
import { checksumOffloadCorruption } from "./stack/checksum-offload-corruption.ts";
import { conntrackFull } from "./stack/conntrack-full.ts";
import { ephemeralPortExhaustion } from "./stack/ephemeral-port-exhaustion.ts";
import { linuxFirewallInDistro } from "./stack/linux-firewall-in-distro.ts";
import { mirroredPortRange } from "./stack/mirrored-port-range.ts";
import { rpFilterDrop } from "./stack/rp-filter-drop.ts";
import { wsl1UnsupportedOperation } from "./stack/wsl1-unsupported-operation.ts";
import { captivePortal } from "./web/captive-portal.ts";
import { clockSkew } from "./web/clock-skew.ts";
import { quicBlocked } from "./web/quic-blocked.ts";
import { tlsInspectionUntrustedCa } from "./web/tls-inspection-untrusted-ca.ts";
import { tlsLargeHelloLost } from "./web/tls-large-hello-lost.ts";
import { tlsMiddleboxReset } from "./web/tls-middlebox-reset.ts";
import { endpointSecurityDropsWsl } from "./windows-filter/endpoint-security-drops-wsl.ts";
import { globalprotectExplicitProxyOrDns } from "./windows-filter/globalprotect-explicit-proxy-or-dns.ts";
import { hypervFirewallBlocksOutbound } from "./windows-filter/hyperv-firewall-blocks-outbound.ts";
import { vfpOrSwitchExtensionDrop } from "./windows-filter/vfp-or-switch-extension-drop.ts";
import { vpnKillswitchWfp } from "./windows-filter/vpn-killswitch-wfp.ts";
import { windowsFirewallBlocksGuestToHost } from "./windows-filter/windows-firewall-blocks-guest-to-host.ts";
import { dnsProxyBlockedByLocalFirewall } from "./wsl-dns/dns-proxy-blocked-by-local-firewall.ts";
import { dnsProxyStalls } from "./wsl-dns/dns-proxy-stalls.ts";
import { dnsProxyUdpOnly } from "./wsl-dns/dns-proxy-udp-only.ts";
import { dnsTunnelingLocalDelay } from "./wsl-dns/dns-tunneling-local-delay.ts";
import { dnsTunnelingOffOrUnsupported } from "./wsl-dns/dns-tunneling-off-or-unsupported.ts";
import { dnsTunnelingStrictEdns } from "./wsl-dns/dns-tunneling-strict-edns.ts";
import { dnsTunnelingVpnConflict } from "./wsl-dns/dns-tunneling-vpn-conflict.ts";
import { hnsDnsRuleStale } from "./wsl-dns/hns-dns-rule-stale.ts";
import { bridgedWithoutSwitch } from "./wsl-network/bridged-without-switch.ts";
import { fsePorttrackerMissing } from "./wsl-network/fse-porttracker-missing.ts";
import { hnsWslNetworkBroken } from "./wsl-network/hns-wsl-network-broken.ts";
import { missingOrStaleNetnat } from "./wsl-network/missing-or-stale-netnat.ts";
import { natServiceDisabled } from "./wsl-network/nat-service-disabled.ts";
import { networkingNone } from "./wsl-network/networking-none.ts";
import { resumeFromSleep } from "./wsl-network/resume-from-sleep.ts";
import { vethernetDisconnected } from "./wsl-network/vethernet-disconnected.ts";

const LIST = [
  networkingNone,
  natServiceDisabled,
  hnsWslNetworkBroken,
  bridgedWithoutSwitch,
  fsePorttrackerMissing,
  vethernetDisconnected,
  missingOrStaleNetnat,
  natFallbackChangedMode,
  networkManagerTookAddress,
  routeBlocks,
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
  globalprotectExplicitProxyOrDns,
  resolvconfManualStale,
  systemdResolvedStubWithoutUpstream,
  dnsProxyBlockedByLocalFirewall,
  hnsDnsRuleStale,
  dnsSuffixMissing,
  dnsTunnelingLocalDelay,
  dnsNegativeAnswerLost,
  dnsEdnsDropped,
  dnsServerUnreachable,
  dnsServerRefuses,
  dnsServerFails,
  dnsProxyUdpOnly,
  dnsTcpBlocked,
  dnsTunnelingStrictEdns,
  dnsLargeAnswerLost,
  dnsAnswerOversize,
  dnsAnswerForged,
  dnsNameBlocked,
  dnsNameDoesNotExist,
  dnsV6QueryDelay,
  dnsServerSlow,
  dnsProxyStalls,
  dnsTunnelingOffOrUnsupported,
  hostsFileOverride,
  libcResolvesOtherwise,
  dnsTunnelingVpnConflict,
  noDefaultRoute,
  mirroredVpnArpRegression,
  gatewayUnreachable,
  linuxFirewallInDistro,
  rpFilterDrop,
  checksumOffloadCorruption,
  ephemeralPortExhaustion,
  mirroredPortRange,
  hypervFirewallBlocksOutbound,
  windowsFirewallBlocksGuestToHost,
  hostWithoutIpv4,
  lanGatewayUnreachable,
  vpnTunnelDead,
  vfpOrSwitchExtensionDrop,
  vpnKillswitchWfp,
  endpointSecurityDropsWsl,
  resumeFromSleep,
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
  nothingAnswers,
  destinationDown,
  proxyRequiredButUnset,
  proxyLocalhostNotMirrored,
  autoproxyStale,
  proxySetButDead,
  proxyRefuses,
  mirroredPortConflict,
  excludedPortRange,
  localhostForwardingBroken,
  portproxyToOldAddress,
  guestBoundToLoopback,
  mirroredHostAddressLoopback,
  portRefused,
  ecnLost,
  mirroredTcpDeadIcmpAlive,
  portFiltered,
  hypervFirewallBlocksInbound,
  vpnMtuInboundBlackhole,
  pmtuInboundBlackhole,
  mirroredJumboBlackhole,
  captivePortal,
  clockSkew,
  tlsMiddleboxReset,
  dataCorrupted,
  serverRefuses,
  tlsNotSpoken,
  connectionClosed,
  serverSilent,
  transferStalls,
  tlsInspectionUntrustedCa,
  ipv6PreferredButDead,
  tlsLargeHelloLost,
  someAddressesDead,
  newConnectionsLost,
  pathLoss,
  vpnMtuOutboundBlackhole,
  pmtuOutboundBlackhole,
  pmtuCached,
  mssClamped,
  natMtuSyncStale,
  natMtuTooLow,
  dockerMtuAboveEth0,
  fragmentedUdpDropped,
  lsoOnVethernet,
  mirroredLowMtuLoopback,
  ipv6DisabledByRegistry,
  quicBlocked,
  wsl1UnsupportedOperation,
  mirroredPingOnlyBroken,
  icmpFiltered,
  icmpRateLimited,
  hopSilent,
  attemptFailed,
] as const;

export type CauseId = (typeof LIST)[number]["id"];

/** Each with all that is known of it, which `said.ts` reads. */
export type Listed = (typeof LIST)[number];

/** A cause whose other causes are known to be in the list. */
export type KnownCause = Cause<CauseId, CauseId>;

// The assignment is the check: an id that no cause has does not compile.
export const CAUSES: readonly KnownCause[] = LIST;

const BY_ID: ReadonlyMap<string, KnownCause> = new Map(CAUSES.map((one) => [one.id, one]));

/** The cause of that id; undefined where the text is none. */
export function causeOf(id: string): KnownCause | undefined {
  return BY_ID.get(id);
}
