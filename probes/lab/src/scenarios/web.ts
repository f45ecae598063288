// Above TCP: middleboxes that read or end TLS, captive portals, clocks, proxies, QUIC, and IPv6 that is dead.

import { LAN_ROUTER, SERVER } from "../topology/addresses.ts";
import {
  DISTRO,
  degraded,
  fault,
  filter,
  HEALTHY,
  noted,
  ROUTER_DNS,
  SWITCH_PROXY,
  TARGET,
  wsl2,
} from "./building-blocks.ts";
import type { Fault } from "./fault.ts";
import { BOX_GETS_TLS, MIDDLEBOX_PORT } from "./middlebox.ts";
import type { Scenario, Service } from "./scenario.ts";

const PAGE_PORT = 8080;
const PROXY_PORT = 3128;
const PAGE = { flight: "large", bodyBytes: 40_000 } as const;
const PROXY = `${LAN_ROUTER.v4}:${PROXY_PORT}`;
const relay = (resetsNamed: string | null): Service => ({
  kind: "relay",
  at: "internet",
  port: MIDDLEBOX_PORT,
  resetsNamed,
  to: { address: SERVER.v4, port: 443 },
});
/** Among the first packets of a connection: data that does not begin as a TLS record does (RFC 8446 s.5.1). */
const HELLO_GOES_ON =
  "tcp dport 443 ct original packets < 10 meta length > 200 @th,256,8 != 20-23 drop";
/** That connections count their packets (nf_conntrack-sysctl). */
const CONNTRACK_COUNTS: Fault = {
  kind: "kernel-setting",
  at: "internet",
  key: "net/netfilter/nf_conntrack_acct",
  value: "1",
};
const LOGIN: Service = {
  kind: "captive-portal",
  at: "lan",
  port: PAGE_PORT,
  location: "http://login.hotel.test/",
};
/** Whatever is asked. */
const TO_PORTAL = { "*": [LAN_ROUTER.v4] };
const TO_LOGIN = `iifname "lan0" tcp dport 80 redirect to :${PAGE_PORT}`;

export const WEB_SCENARIOS: readonly Scenario[] = [
  wsl2({
    name: "tls-cut-by-name",
    title: "A middlebox of the provider resets connections that name the site",
    sees: "connection reset behind the ClientHello, for one site",
    services: [relay(TARGET)],
    faults: [BOX_GETS_TLS],
    negativeFor: [
      "port-refused",
      "pmtu-inbound-blackhole",
      "tls-inspection-untrusted-ca",
      "captive-portal",
    ],
    expected: fault("tls-middlebox-reset", null),
  }),
  wsl2({
    name: "hello-second-segment-dropped",
    title: "A filter of the provider takes the second segment of a ClientHello for garbage",
    sees: "browsers hang behind the ClientHello, curl of the distro works",
    faults: [CONNTRACK_COUNTS, filter("internet", "forward", HELLO_GOES_ON)],
    negativeFor: ["pmtu-outbound-blackhole", "path-loss", "server-silent"],
    expected: degraded("tls-large-hello-lost", null),
  }),
  wsl2({
    name: "tls-relayed",
    title: "A middlebox of the provider ends TCP and passes TLS on as it is: no fault",
    sees: "everything works",
    services: [relay(null)],
    faults: [BOX_GETS_TLS],
    negativeFor: [
      "tls-middlebox-reset",
      "tls-inspection-untrusted-ca",
      "captive-portal",
      "server-refuses",
      "tls-not-spoken",
      "data-corrupted",
      "attempt-failed",
    ],
    expected: HEALTHY,
  }),
  wsl2({
    name: "tls-inspected",
    title:
      "A middlebox of the company signs every certificate anew, and the distro does not trust it",
    sees: "unable to get local issuer certificate, for every site",
    services: [{ kind: "inspector", at: "internet", port: MIDDLEBOX_PORT }],
    faults: [BOX_GETS_TLS],
    negativeFor: ["tls-middlebox-reset", "clock-skew", "captive-portal"],
    expected: fault("tls-inspection-untrusted-ca", null),
  }),
  wsl2({
    name: "clock-behind",
    title: "The distro's clock is 20 days behind: the certificate is not valid yet",
    sees: "certificate is not yet valid",
    server: { ...PAGE, certificateDaysAhead: 20, clockDaysAhead: 20 },
    negativeFor: ["tls-inspection-untrusted-ca", "captive-portal"],
    expected: fault("clock-skew", "linux-stack"),
  }),
  wsl2({
    name: "certificate-of-tomorrow",
    title:
      "A certificate that is not valid yet, by the server's own clock neither: no fault of the path",
    sees: "certificate is not yet valid",
    server: { ...PAGE, certificateDaysAhead: 20 },
    negativeFor: ["clock-skew"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "login-page",
    title: "A hotel's captive portal answers for every address until somebody logs in",
    sees: "certificate errors everywhere, a browser in Windows shows the login page",
    services: [LOGIN, { kind: "inspector", at: "lan", port: MIDDLEBOX_PORT }],
    faults: [
      filter(
        "lan",
        "redirect",
        TO_LOGIN,
        `iifname "lan0" tcp dport 443 redirect to :${MIDDLEBOX_PORT}`,
      ),
    ],
    negativeFor: ["port-refused", "tls-middlebox-reset", "tls-inspection-untrusted-ca"],
    expected: fault("captive-portal", null),
  }),
  wsl2({
    name: "login-page-resets",
    title: "A train's captive portal resets https, and redirects plain HTTP to itself",
    sees: "connection refused for every https site",
    services: [LOGIN],
    faults: [
      filter("lan", "redirect", TO_LOGIN),
      filter("lan", "forward", 'iifname "lan0" tcp dport 443 reject with tcp reset'),
    ],
    negativeFor: ["port-refused", "admin-prohibited"],
    expected: fault("captive-portal", null),
  }),
  wsl2({
    name: "login-page-silent",
    title: "A café's captive portal drops https, and redirects plain HTTP to itself",
    sees: "every https site hangs",
    services: [LOGIN],
    faults: [
      filter("lan", "redirect", TO_LOGIN),
      filter("lan", "forward", 'iifname "lan0" tcp dport 443 drop'),
    ],
    negativeFor: ["port-filtered"],
    expected: fault("captive-portal", null),
  }),
  wsl2({
    name: "login-page-by-name",
    title: "An airport's captive portal: its name server gives its own address for every name",
    sees: "certificate errors everywhere, a browser in Windows shows the login page",
    resolvers: [SWITCH_PROXY, ROUTER_DNS].map((one) => ({ ...one, zone: TO_PORTAL })),
    services: [
      { ...LOGIN, port: 80 },
      { kind: "inspector", at: "lan", port: 443 },
    ],
    negativeFor: ["tls-inspection-untrusted-ca", "dns-name-blocked", "dns-answer-forged"],
    expected: fault("captive-portal", null),
  }),
  wsl2({
    name: "login-page-for-http",
    title: "Only plain HTTP is redirected to a page of the provider, and HTTPS works: no fault",
    sees: "https works",
    services: [LOGIN],
    faults: [filter("lan", "redirect", TO_LOGIN)],
    negativeFor: ["captive-portal"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "quic-blocked",
    title: "The server offers HTTP/3, and the provider drops UDP to its port: a note",
    sees: "everything works, by TCP",
    server: { ...PAGE, altSvc: 'h3=":443"' },
    faults: [filter("internet", "forward", "udp dport 443 drop")],
    negativeFor: ["port-filtered"],
    expected: noted("quic-blocked"),
  }),
  wsl2({
    name: "udp-443-blocked",
    title: "The provider drops UDP to a port that nobody offers HTTP/3 on: no fault",
    sees: "everything works",
    faults: [filter("internet", "forward", "udp dport 443 drop")],
    negativeFor: ["quic-blocked"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "ipv6-dead",
    title: "The name has an IPv6 address, and the provider drops IPv6",
    sees: "connections take a second more, or fail",
    faults: [filter("internet", "forward", "meta nfproto ipv6 drop")],
    family: null,
    negativeFor: ["destination-down", "dns-v6-query-delay", "ipv6-disabled-by-registry"],
    expected: degraded("ipv6-preferred-but-dead", null),
  }),
  wsl2({
    name: "ipv6-off-in-windows",
    title: "Windows' registry switches IPv6 off, and mirrored mode is configured: a note",
    sees: "networkingMode=mirrored has no effect",
    windowsReports: {
      wslconfig: "[wsl2]\nnetworkingMode=mirrored\n",
      registry: [
        {
          Path: "HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Tcpip6\\Parameters",
          Name: "DisabledComponents",
          Value: 255,
        },
      ],
    },
    expected: noted("ipv6-disabled-by-registry"),
  }),
  wsl2({
    name: "ipv6-preferred-less",
    title: "Windows' registry only prefers IPv4, and mirrored mode is not configured: no fault",
    sees: "everything works",
    windowsReports: {
      registry: [
        {
          Path: "HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Tcpip6\\Parameters",
          Name: "DisabledComponents",
          Value: 32,
        },
      ],
    },
    negativeFor: ["ipv6-disabled-by-registry"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "proxy-dead",
    title: "The distro's programs are set to use a proxy where nobody listens",
    sees: "curl fails, ping works",
    distro: { ...DISTRO, env: { https_proxy: `http://${PROXY}` } },
    windowsReports: { proxy: { ProxyEnable: 1, ProxyServer: PROXY } },
    negativeFor: ["autoproxy-stale", "proxy-localhost-not-mirrored", "port-refused"],
    expected: fault("proxy-set-but-dead", null),
  }),
  wsl2({
    name: "proxy-left-behind",
    title: "Windows no longer uses the proxy that the distro's programs still use",
    sees: "curl fails since the VPN is off",
    distro: { ...DISTRO, env: { https_proxy: `http://${PROXY}` } },
    windowsReports: { proxy: { ProxyEnable: 0, ProxyServer: PROXY } },
    negativeFor: ["proxy-set-but-dead", "proxy-localhost-not-mirrored"],
    expected: fault("autoproxy-stale", "linux-stack"),
  }),
  wsl2({
    name: "proxy-on-windows-loopback",
    title: "Windows' proxy listens on its own loopback, and the distro was given its address",
    sees: "curl fails, a browser in Windows works",
    distro: { ...DISTRO, env: { https_proxy: "http://127.0.0.1:8888" } },
    windowsReports: { proxy: { ProxyEnable: 1, ProxyServer: "127.0.0.1:8888" } },
    negativeFor: ["proxy-set-but-dead", "autoproxy-stale"],
    expected: fault("proxy-localhost-not-mirrored", "linux-stack"),
  }),
  wsl2({
    name: "proxy-required",
    title: "The internet is behind Windows' proxy, which the distro does not use",
    sees: "a browser in Windows works, curl times out",
    services: [{ kind: "proxy", at: "lan", port: PROXY_PORT }],
    faults: [filter("lan", "forward", "tcp dport 443 drop")],
    windowsReports: { proxy: { ProxyEnable: 1, ProxyServer: PROXY } },
    negativeFor: ["port-filtered", "host-forwarding-blocked"],
    expected: fault("proxy-required-but-unset", "linux-stack"),
  }),
  wsl2({
    name: "proxy-local-unused",
    title: "Windows' proxy listens on its own loopback, and the direct connection works: a note",
    sees: "everything works",
    windowsReports: { proxy: { ProxyEnable: 1, ProxyServer: "127.0.0.1:8888" } },
    negativeFor: ["proxy-required-but-unset", "proxy-set-but-dead"],
    expected: noted("proxy-localhost-not-mirrored"),
  }),
];
