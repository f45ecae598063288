// Causes that several others depend on, or look like, together.

/** What resolv.conf's servers do is no fault of theirs where others belong in it. */
export const WRONG_SERVERS = [
  "resolvconf-vpn-not-recognised",
  "resolvconf-ipv6-crowds-out",
  "resolvconf-manual-stale",
] as const;

/** Who fails or refuses is not to blame where another one should be asked. */
export const OTHERS_KNOW_NAMES = [
  "nrpt-only-vpn-dns",
  "resolvconf-missing-or-dangling",
  "systemd-resolved-stub-without-upstream",
  ...WRONG_SERVERS,
] as const;

/** Names that led to the wrong machine, a path that should not be used, or another system that answers. */
export const WRONG_ADDRESS = [
  "dns-name-blocked",
  "dns-tunneling-vpn-conflict",
  "hosts-file-override",
  "proxy-required-but-unset",
  "captive-portal",
] as const;

/** The proxy that programs take is not to be used: what its host, its port or its name does follows from it. */
export const DEAD_PROXY = [
  "proxy-localhost-not-mirrored",
  "autoproxy-stale",
  "proxy-set-but-dead",
] as const;

/** Size limits that say nothing: whatever waits behind them gets no answer. */
export const SIZE_LIMITS = [
  "mirrored-jumbo-blackhole",
  "vpn-mtu-inbound-blackhole",
  "vpn-mtu-outbound-blackhole",
  "pmtu-inbound-blackhole",
  "pmtu-outbound-blackhole",
] as const;

/** Whatever this kernel does to the connection's own packets. */
export const OWN_STACK = [
  "linux-firewall-in-distro",
  "rp-filter-drop",
  "mirrored-port-range",
  "checksum-offload-corruption",
  "ephemeral-port-exhaustion",
] as const;

/** Windows did not make WSL's network, or made it wrong: no card, no address or no answer follows from it. */
export const WSL_NETWORK = [
  "networking-none",
  "nat-service-disabled",
  "hns-wsl-network-broken",
  "bridged-without-switch",
  "fse-porttracker-missing",
  "vethernet-disconnected",
  "missing-or-stale-netnat",
] as const;

/** The card that WSL gives the distro is not there, or has no address of WSL's. */
export const NO_ADDRESS_OF_WSL = [
  ...WSL_NETWORK,
  "network-manager-took-address",
  "nat-fallback-changed-mode",
] as const;

/** A wrong route of the distro: whatever is observed there is its consequence. */
export const WRONG_ROUTE = [
  ...NO_ADDRESS_OF_WSL,
  "route-blocks",
  "docker-bridge-overlap",
  "mirrored-wrong-source-address",
  "mirrored-local-policy-routing",
  "mirrored-vpn-arp-regression",
  "mirrored-host-address-loopback",
  "vpn-client-inside-wsl",
  "nat-subnet-overlap",
  "conntrack-full",
] as const;

/** A filter of Windows holds the distro's packets, by a rule of its own or of a product. */
export const WINDOWS_FILTERS = [
  "hyperv-firewall-blocks-outbound",
  "windows-firewall-blocks-guest-to-host",
  "vpn-killswitch-wfp",
  "endpoint-security-drops-wsl",
  "vfp-or-switch-extension-drop",
] as const;

/** What both sides together locate on the host or at its first router: missing answers beyond follow from it. */
const HOST_SIDE = [
  "host-without-ipv4",
  "lan-gateway-unreachable",
  "vpn-tunnel-dead",
  "resume-from-sleep",
  "host-forwarding-blocked",
  ...WINDOWS_FILTERS,
] as const;

/** The path ends, or leads elsewhere, before anything on it could be silent of itself. */
export const PATH_LEADS_NOWHERE = [
  "no-default-route",
  "gateway-unreachable",
  "ecmp-branch-broken",
  "new-connections-lost",
  "routing-loop",
  "admin-prohibited",
  ...WRONG_ADDRESS,
  // A filter that drops the connection's packets drops the routers' answers with them.
  ...OWN_STACK,
  ...WRONG_ROUTE,
  ...HOST_SIDE,
] as const;

/** The same, and a path on which only the gateway's link-layer address is answered. */
export const PATH_ENDS_BEFORE = [...PATH_LEADS_NOWHERE, "nothing-answers"] as const;

/** Faults of the distro itself, and wrong routes on either side: missing answers on the host follow from them. */
export const BEFORE_THE_HOST = [
  "no-default-route",
  "gateway-unreachable",
  "vpn-metric-steals-wsl-subnet",
  "vpn-more-specific-route",
  ...OWN_STACK,
  ...WRONG_ROUTE,
] as const;

/** What a hang at a size can be taken for, beside the other inbound cause and the same owner's outbound one. */
export const INBOUND_LOOK_ALIKES = [
  "tls-middlebox-reset",
  "port-filtered",
  "path-loss",
  "nrpt-only-vpn-dns",
] as const;
