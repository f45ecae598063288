// A snapshot of the Windows host as typed rows: each source is read here, once, and nowhere else.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import { memo } from "./memo.ts";
import { adapterBindingRow } from "./rows/adapter-binding.ts";
import { countedRow, filterDropRow } from "./rows/administrators.ts";
import { dnsServersRow, dnsSuffixesRow } from "./rows/dns-client.ts";
import { firewallProfileRow, hyperVFirewallRow } from "./rows/firewall.ts";
import { firewallRuleRow } from "./rows/firewall-rule.ts";
import { hyperVRuleRow } from "./rows/hyperv-rule.ts";
import { largeSendOffloadRow } from "./rows/large-send-offload.ts";
import { reachRow, resolveRow } from "./rows/look-up.ts";
import { hnsNetworkRow, netNatRow } from "./rows/nat.ts";
import { netAdapterRow } from "./rows/net-adapter.ts";
import { netIpAddressRow } from "./rows/net-ip-address.ts";
import { netIpInterfaceRow } from "./rows/net-ip-interface.ts";
import { netRouteRow } from "./rows/net-route.ts";
import { nrptRow } from "./rows/nrpt.ts";
import { portRangeRow } from "./rows/port-range.ts";
import { proxyRow } from "./rows/proxy.ts";
import { registryRow } from "./rows/registry.ts";
import { resumeRow } from "./rows/resume.ts";
import { serviceRow } from "./rows/service.ts";
import { switchExtensionRow } from "./rows/switch-extension.ts";
import { tcpListenerRow } from "./rows/tcp-listener.ts";
import { vpnConnectionRow } from "./rows/vpn-connection.ts";
import { clockRow, wslRow } from "./rows/wsl.ts";
import { type RowReader, readSource, readTextSource, type Source } from "./sources.ts";

/**
 * The rows of every source that is known, as plain data, in the order in which people look at them.
 * A source keeps its state: rows (perhaps none), an error, or not collected.
 */
export type Host = ReturnType<typeof readSources>;

/** Read at the first question and kept: a snapshot never changes after parsing. */
export const readHost: (snapshot: HostSnapshot) => Host = memo(readSources);

function readSources(snapshot: HostSnapshot) {
  const read = <Row>(name: string, row: RowReader<Row>): Source<Row> =>
    readSource(snapshot, name, row);
  return {
    adapters: read("Get-NetAdapter", netAdapterRow),
    ipInterfaces: read("Get-NetIPInterface", netIpInterfaceRow),
    ipAddresses: read("Get-NetIPAddress", netIpAddressRow),
    routes: read("Get-NetRoute", netRouteRow),
    dnsServers: read("Get-DnsClientServerAddress", dnsServersRow),
    /** What is in force (with -Effective) or what policy sets. */
    nrptPolicies: read("Get-DnsClientNrptPolicy", nrptRow),
    /** The local rules. */
    nrptRules: read("Get-DnsClientNrptRule", nrptRow),
    dnsSuffixes: read("Get-DnsClientGlobalSetting", dnsSuffixesRow),
    vpnConnections: read("Get-VpnConnection", vpnConnectionRow),
    nats: read("Get-NetNat", netNatRow),
    firewallProfiles: read("Get-NetFirewallProfile", firewallProfileRow),
    hyperVFirewalls: read("Get-NetFirewallHyperVVMSetting", hyperVFirewallRow),
    hyperVRules: read("Get-NetFirewallHyperVRule", hyperVRuleRow),
    adapterBindings: read("Get-NetAdapterBinding", adapterBindingRow),
    largeSendOffloads: read("Get-NetAdapterLso", largeSendOffloadRow),
    services: read("Get-Service", serviceRow),
    hnsNetworks: read("Get-HnsNetwork", hnsNetworkRow),
    excludedPortRanges: read("excludedPortRanges", portRangeRow),
    proxies: read("proxy", proxyRow),
    registry: read("registry", registryRow),
    wsl: read("wsl", wslRow),
    wslconfig: readTextSource(snapshot, "wslconfig"),
    clocks: read("clock", clockRow),
    /** The last time alone. */
    resumes: read("Get-WinEvent", resumeRow),
    resolved: read("resolve", resolveRow),
    reached: read("reach", reachRow),
    /** Of `host --elevated` alone, as the next. */
    filterDrops: read("wfpDrops", filterDropRow),
    counted: read("pktmon", countedRow),
    switchExtensions: read("Get-VMSwitchExtension", switchExtensionRow),
    /** The collector does not query these; a snapshot made by hand may hold them. */
    tcpListeners: read("Get-NetTCPConnection", tcpListenerRow),
    firewallRules: read("Get-NetFirewallRule", firewallRuleRow),
  } as const;
}
