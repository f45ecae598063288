// What people see first, in their own words, and which causes it can be: the index over the pages.

import type { CauseId } from "./causes/list.ts";

export interface Symptom {
  /** As a user would say it. */
  readonly sees: string;
  /** Words that people type for it, in lower case, with a space between; each counts once. */
  readonly words: string;
  /** Parts of what programs print, and of what people say in other languages, with "|" between: each counts as several words. */
  readonly signs: string;
  /** The likeliest first. */
  readonly causes: readonly CauseId[];
  /** What tells them apart, or the command that does. */
  readonly tell: string;
}

export const SYMPTOMS: readonly Symptom[] = [
  {
    sees: "TLS or SSH hangs after the first messages; ping, names and connect work",
    words: "tls ssl https handshake clienthello hang stuck curl vpn mtu",
    signs:
      "curl: (35)|handshake timeout|handshake timed out|ssl_error_syscall|works but curl|ssh hangs|ssh freezes|ssh hängt|kex_ecdh_reply|tls hängt|握手",
    causes: [
      "vpn-mtu-inbound-blackhole",
      "pmtu-inbound-blackhole",
      "mirrored-jumbo-blackhole",
      "tls-large-hello-lost",
      "tls-middlebox-reset",
      "server-silent",
    ],
    tell: "wsl-trace path HOST: where a connection with small segments finishes, it is size; where another name does, a middlebox.",
  },
  {
    sees: "Temporary failure in name resolution",
    words: "dns name resolve resolution temporary failure nameserver resolv.conf",
    signs:
      "temporary failure|could not resolve|unable to resolve|name resolution|name or service not known|no such host|eai_again|enotfound|servfail|curl: (6)|namensauflösung|域名|解析",
    causes: [
      "nrpt-only-vpn-dns",
      "dns-server-unreachable",
      "resolvconf-missing-or-dangling",
      "dns-proxy-blocked-by-local-firewall",
      "globalprotect-explicit-proxy-or-dns",
      "vpn-killswitch-wfp",
    ],
    tell: "wsl-trace dns NAME: who of resolv.conf answers, beside the servers and rules that Windows has.",
  },
  {
    sees: "Each name takes seconds, and then it works",
    words: "dns name slow seconds delay resolve resolution wait",
    signs:
      "dns is slow|slow dns|resolution is slow|lookup takes|auflösung dauert|langsame namensauflösung|域名|解析|慢",
    causes: [
      "dns-server-unreachable",
      "dns-v6-query-delay",
      "dns-server-slow",
      "dns-proxy-stalls",
      "dns-tunneling-local-delay",
    ],
    tell: "wsl-trace dns NAME: the time of each server, for A and AAAA.",
  },
  {
    sees: "A download begins and stops: apt, npm, pip, docker pull",
    words: "download slow stall stop hang apt npm pip docker pull middle clone",
    signs:
      "apt update|apt-get update|failed to fetch|stuck at|waiting for headers|econnreset|readtimeouterror|recv failure|curl: (18)|curl: (56)|early eof|rpc failed|bricht ab|bleibt hängen|slow download|download is slow|langsamer download|下载|卡住",
    causes: [
      "pmtu-inbound-blackhole",
      "transfer-stalls",
      "path-loss",
      "ecn-lost",
      "ipv6-preferred-but-dead",
      "docker-mtu-above-eth0",
    ],
    tell: "wsl-trace path URL --transfer: at which byte it stops, and without which TCP option it goes on.",
  },
  {
    sees: "git push, scp and uploads hang or crawl, downloads are fast",
    words: "upload push scp git slow send crawl lso",
    signs: "git push|git-push|hochladen|上传",
    causes: [
      "vpn-mtu-outbound-blackhole",
      "pmtu-outbound-blackhole",
      "transfer-stalls",
      "lso-on-vethernet",
    ],
    tell: "wsl-trace mtu HOST: which sizes go out; sudo ethtool -K eth0 tso off gso off tells of LSO.",
  },
  {
    sees: "No route to host, or Network is unreachable",
    words: "route unreachable host network arp gateway offline internet",
    signs:
      "no route|network is unreachable|enetunreach|ehostunreach|no internet|no network|offline|kein internet|kein netz|keine verbindung|无法上网|没有网络|网络不可达|断网",
    causes: [
      "no-default-route",
      "gateway-unreachable",
      "mirrored-vpn-arp-regression",
      "mirrored-routes-lost",
      "network-manager-took-address",
      "route-blocks",
    ],
    tell: "wsl-trace path HOST: who says so, this machine's own kernel or a router, and what ARP gets.",
  },
  {
    sees: "Connection refused",
    words: "refused connection reset port localhost",
    signs:
      "connection refused|econnrefused|connection_refused|curl: (7)|failed to connect|abgelehnt|verweigert|拒绝",
    causes: [
      "port-refused",
      "guest-bound-to-loopback",
      "mirrored-host-address-loopback",
      "proxy-set-but-dead",
      "server-refuses",
    ],
    tell: "wsl-trace path HOST:PORT: whose reset it is; wsl-trace inbound PORT for a service of the distro.",
  },
  {
    sees: "Connections time out, in the distro alone or in Windows too",
    words: "timeout timed time out connection nothing silent firewall blocked",
    signs: "etimedout|timed out|i/o timeout|connect timeout|curl: (28)|zeitüberschreitung|超时",
    causes: [
      "port-filtered",
      "host-forwarding-blocked",
      "hyperv-firewall-blocks-outbound",
      "vpn-metric-steals-wsl-subnet",
      "endpoint-security-drops-wsl",
      "mirrored-port-range",
    ],
    tell: "wsl-trace path HOST:PORT: how far the SYN gets, and whether Windows reaches the same port.",
  },
  {
    sees: "It works in Windows, and not in WSL while the VPN is up",
    words: "vpn windows works wsl browser company corporate intranet",
    signs:
      "works on windows|works in windows|vpn on|with vpn|vpn connected|behind vpn|mit vpn|vpn verbunden|geht in windows|连上vpn|连接vpn|开vpn",
    causes: [
      "nrpt-only-vpn-dns",
      "vpn-mtu-inbound-blackhole",
      "vpn-metric-steals-wsl-subnet",
      "vpn-killswitch-wfp",
      "proxy-required-but-unset",
      "nat-subnet-overlap",
    ],
    tell: "wsl-trace path HOST: it asks Windows for the same target, and names the part between the two.",
  },
  {
    sees: "A certificate is not trusted, not yet valid, or expired",
    words: "certificate cert ca issuer trusted expired ssl verify self-signed",
    signs:
      "curl: (60)|local issuer|self signed|self-signed|x509|unknown authority|certificate verify failed|unable to verify|zertifikat|证书",
    causes: ["tls-inspection-untrusted-ca", "clock-skew", "captive-portal"],
    tell: "wsl-trace path HOST: who signed it, and the clocks of both sides.",
  },
  {
    sees: "A server in WSL is not reached from Windows, the LAN or the VPN",
    words: "server service localhost port lan reach inbound listen windows bind",
    signs:
      "another computer|other computer|from my phone|from windows|from the lan|from lan|not reachable from|already in use|eaddrinuse|anderen rechner|im lan|von windows|局域网|其他电脑",
    causes: [
      "guest-bound-to-loopback",
      "localhost-forwarding-broken",
      "excluded-port-range",
      "portproxy-to-old-address",
      "hyperv-firewall-blocks-inbound",
      "mirrored-port-conflict",
    ],
    tell: "wsl-trace inbound PORT, with --from lan or vpn: it is tried from both sides.",
  },
  {
    sees: "Ping fails, or traceroute shows stars, and everything else works",
    words: "ping icmp traceroute stars echo",
    signs: "ping fails|ping does not|ping geht nicht|request timed out.|ping 不通|ping不通",
    causes: ["icmp-filtered", "mirrored-ping-only-broken", "hop-silent", "icmp-rate-limited"],
    tell: "wsl-trace path HOST: it tries with TCP and UDP too. None of these is a fault.",
  },
  {
    sees: "Nothing gets an answer since the laptop slept, or since Windows was updated",
    words: "sleep slept hibernate resume wake standby suspend lid update laptop",
    signs:
      "sleep|after sleep|after hibernat|wakes up|woke up|from sleep|ruhezustand|standby|aufwachen|睡眠|唤醒|休眠",
    causes: [
      "resume-from-sleep",
      "vethernet-disconnected",
      "gateway-unreachable",
      "vpn-tunnel-dead",
      "clock-skew",
    ],
    tell: "wsl-trace path HOST, and again after wsl --shutdown: where that helped, it was the sleep.",
  },
  {
    sees: "What goes through the company's proxy fails, or only the browser works",
    words: "proxy proxies 407 pac zscaler http_proxy https_proxy",
    signs: "proxy required|from proxy|through proxy|proxy auth|localhost proxy|代理",
    causes: [
      "proxy-required-but-unset",
      "proxy-set-but-dead",
      "proxy-localhost-not-mirrored",
      "autoproxy-stale",
      "proxy-refuses",
    ],
    tell: "wsl-trace path HOST: it asks the distro's proxy, and compares it with the one of Windows.",
  },
  {
    sees: "Every page is the same page to log in, or one that nobody asked for",
    words: "captive portal hotel login redirect",
    signs: "captive portal|login page|log in page|anmeldeseite|登录页",
    causes: ["captive-portal", "dns-name-blocked", "dns-answer-forged"],
    tell: "wsl-trace path http://HOST: whose answer it is.",
  },
  {
    sees: "HTTP/3 or QUIC fails, and HTTPS over TCP works",
    words: "quic http3 h3",
    signs: "http/3",
    causes: ["quic-blocked"],
    tell: "wsl-trace path HOST: it tries QUIC beside TCP.",
  },
];
