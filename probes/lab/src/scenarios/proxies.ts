// Proxies of the environment: the only way out, refusing, odd, dead, with a size limit before them, or not for this target.

import { INTERNET_TO_SERVER, LAN_ROUTER } from "../topology/addresses.ts";
import { TUNNEL_MTU } from "../topology/names.ts";
import {
  DISTRO,
  FAR_END_SILENT,
  fault,
  filter,
  HEALTHY,
  HOST_SILENT,
  INBOUND_BLACKHOLE,
  TARGET,
  wsl2,
  wsl2Vpn,
} from "./building-blocks.ts";
import type { Distro, ProxyQuirk, Scenario, Service } from "./scenario.ts";

const PORT = 3128;
const SOCKS_PORT = 1080;
const URL = `http://${LAN_ROUTER.v4}:${PORT}`;
const WITH_LOGIN = `http://someone:secret@${LAN_ROUTER.v4}:${PORT}`;
const DIRECT_CLOSED = filter("lan", "forward", "tcp dport { 80, 443 } drop");
const LOOKS_LIKE = ["port-filtered", "port-refused", "destination-down", "proxy-set-but-dead"];

function env(variables: Readonly<Record<string, string>>): Distro {
  return { ...DISTRO, env: variables };
}

function proxy(does?: ProxyQuirk): Service {
  return { kind: "proxy", at: "lan", port: PORT, ...(does === undefined ? {} : { does }) };
}

/** A proxy that does not let the request through, beside a direct path that works. */
function refusing(name: string, title: string, sees: string, does: ProxyQuirk): Scenario {
  return wsl2({
    name,
    title,
    sees,
    services: [proxy(does)],
    distro: env({ https_proxy: URL }),
    negativeFor: [...LOOKS_LIKE, "server-silent", "tls-not-spoken", "connection-closed"],
    expected: fault("proxy-refuses", null),
  });
}

export const PROXY_SCENARIOS: readonly Scenario[] = [
  wsl2({
    name: "proxy-is-the-way",
    title: "The direct path is closed, and the proxy of the environment works: no fault",
    sees: "curl works",
    services: [proxy()],
    faults: [DIRECT_CLOSED],
    distro: env({ https_proxy: WITH_LOGIN }),
    negativeFor: [...LOOKS_LIKE, "proxy-refuses", "proxy-required-but-unset"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "proxy-for-plain-http",
    title: "The same for plain HTTP, which the proxy requests itself",
    sees: "curl works",
    services: [proxy()],
    faults: [DIRECT_CLOSED],
    distro: env({ http_proxy: URL }),
    target: `http://${TARGET}/`,
    negativeFor: [...LOOKS_LIKE, "proxy-refuses"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "proxy-knows-the-name",
    title: "The name resolves at the SOCKS proxy only: no fault",
    sees: "curl works, getent finds nothing",
    services: [
      {
        kind: "proxy",
        at: "lan",
        port: SOCKS_PORT,
        speaks: "socks5",
        knows: { "inside.example.test": "192.0.2.80" },
      },
    ],
    distro: env({ all_proxy: `socks5h://${LAN_ROUTER.v4}:${SOCKS_PORT}` }),
    target: "inside.example.test",
    negativeFor: [...LOOKS_LIKE, "dns-name-does-not-exist", "dns-suffix-missing"],
    expected: HEALTHY,
  }),
  refusing(
    "proxy-wants-login",
    "The proxy wants a password, which the variable does not have",
    "curl: (56) CONNECT tunnel failed, response 407",
    "wants-login",
  ),
  refusing(
    "proxy-denies",
    "The proxy denies the target",
    "curl: (56) CONNECT tunnel failed, response 403",
    "denies",
  ),
  refusing(
    "proxy-speaks-ssh",
    "What the variable names is no proxy: it greets as an SSH server",
    "curl: (43) Invalid response header",
    "greets",
  ),
  refusing(
    "proxy-to-garbage",
    "The proxy says that it has connected, and what is behind it speaks no TLS",
    "curl: (35) wrong version number",
    "connects-to-garbage",
  ),
  refusing(
    "proxy-to-nothing",
    "The proxy says that it has connected, and nothing comes back",
    "curl hangs behind the ClientHello",
    "connects-to-nothing",
  ),
  wsl2Vpn({
    name: "proxy-behind-limit",
    title: "Between the distro and its proxy a tunnel drops what is too large, and sends no ICMP",
    sees: "curl hangs behind the ClientHello",
    services: [{ kind: "proxy", at: "internet", port: PORT }],
    faults: [FAR_END_SILENT],
    distro: env({ https_proxy: `http://${INTERNET_TO_SERVER.v4}:${PORT}` }),
    negativeFor: ["proxy-refuses", "proxy-set-but-dead", "server-silent"],
    expected: { ...INBOUND_BLACKHOLE, inboundPmtu: TUNNEL_MTU },
  }),
  wsl2Vpn({
    name: "proxy-behind-limits",
    title: "The same, and the Windows host is silent about what is too large outbound",
    sees: "the same, and uploads hang too",
    services: [{ kind: "proxy", at: "internet", port: PORT }],
    faults: [FAR_END_SILENT, HOST_SILENT],
    distro: env({ https_proxy: `http://${INTERNET_TO_SERVER.v4}:${PORT}` }),
    negativeFor: ["proxy-refuses", "proxy-set-but-dead", "server-silent"],
    expected: { ...INBOUND_BLACKHOLE, alsoCauses: ["vpn-mtu-outbound-blackhole"] },
  }),
  wsl2({
    name: "proxy-connects-late",
    title: "The proxy takes 1.6 s to say that it has connected: no fault of the path",
    sees: "curl works after a while",
    services: [proxy("connects-late")],
    faults: [DIRECT_CLOSED],
    distro: env({ https_proxy: URL }),
    negativeFor: [...LOOKS_LIKE, "proxy-refuses", "path-loss", "pmtu-inbound-blackhole"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "proxy-unanswered",
    title: "Connections to the proxy's port are dropped, and the direct path works",
    sees: "curl hangs",
    services: [proxy()],
    faults: [filter("lan", "input", `tcp dport ${PORT} drop`)],
    distro: env({ https_proxy: URL }),
    windowsReports: {
      proxy: { ProxyEnable: 1, ProxyServer: `${LAN_ROUTER.v4}:${PORT}` },
    },
    negativeFor: ["port-filtered", "destination-down", "proxy-refuses"],
    expected: fault("proxy-set-but-dead", null),
  }),
  wsl2({
    name: "proxy-gone",
    title: "The proxy's address answers nothing at all, and the direct path works",
    sees: "curl hangs",
    distro: env({ all_proxy: "socks5h://192.0.2.99:1080" }),
    windowsReports: { proxy: { ProxyEnable: 1, ProxyServer: "192.0.2.99:1080" } },
    negativeFor: ["port-filtered", "destination-down", "upstream-unreachable", "proxy-refuses"],
    expected: fault("proxy-set-but-dead", null),
  }),
  wsl2({
    name: "proxy-of-socks-for-http",
    title: "A SOCKS proxy for a plain HTTP target, where the direct path is closed: no fault",
    sees: "curl works",
    services: [{ kind: "proxy", at: "lan", port: SOCKS_PORT, speaks: "socks5" }],
    faults: [DIRECT_CLOSED],
    distro: env({ ALL_PROXY: `socks5://${LAN_ROUTER.v4}:${SOCKS_PORT}` }),
    target: `http://${TARGET}/`,
    negativeFor: [...LOOKS_LIKE, "proxy-refuses"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "proxy-unusable",
    title: "The variable holds something that is no proxy, and the direct path works",
    sees: "curl: (5) Unsupported proxy syntax",
    distro: env({ https_proxy: `http://${LAN_ROUTER.v4}:${PORT}${PORT}` }),
    negativeFor: ["port-filtered", "proxy-refuses", "proxy-required-but-unset"],
    expected: fault("proxy-set-but-dead", null),
  }),
  wsl2({
    name: "proxy-of-another-scheme",
    title: "The variable names a scheme that no program knows",
    sees: "curl: (7) Unsupported proxy scheme",
    distro: env({ ALL_PROXY: `quic://${LAN_ROUTER.v4}:${PORT}` }),
    negativeFor: ["port-filtered", "proxy-refuses"],
    expected: fault("proxy-set-but-dead", null),
  }),
  wsl2({
    name: "proxy-not-for-this",
    title: "no_proxy exempts the target from a proxy that is dead: no fault",
    sees: "curl works",
    distro: env({ https_proxy: URL, no_proxy: "localhost,.github.com" }),
    negativeFor: ["proxy-set-but-dead", "autoproxy-stale", "proxy-refuses"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "proxy-dead-and-closed",
    title: "Nobody listens where the proxy should be, and the direct path is closed",
    sees: "curl: (7) Failed to connect",
    faults: [DIRECT_CLOSED],
    distro: env({ https_proxy: URL }),
    windowsReports: {
      proxy: { ProxyEnable: 1, ProxyServer: `${LAN_ROUTER.v4}:${PORT}` },
    },
    negativeFor: ["port-refused", "port-filtered", "proxy-refuses"],
    expected: fault("proxy-set-but-dead", null),
  }),
  wsl2({
    name: "proxy-silent",
    title: "The proxy takes connections and never says a word",
    sees: "curl hangs",
    services: [proxy("silent")],
    distro: env({ all_proxy: URL }),
    windowsReports: {
      proxy: { ProxyEnable: 1, ProxyServer: `${LAN_ROUTER.v4}:${PORT}` },
    },
    negativeFor: ["server-silent", "proxy-refuses"],
    expected: fault("proxy-set-but-dead", null),
  }),
  wsl2({
    name: "proxy-without-address",
    title: "The proxy's name does not exist, and that of the target does",
    sees: "curl: (5) Could not resolve proxy",
    distro: env({ https_proxy: "http://proxy.office.test:3128" }),
    windowsReports: { proxy: { ProxyEnable: 1, ProxyServer: "proxy.office.test:3128" } },
    negativeFor: ["dns-name-does-not-exist", "dns-suffix-missing"],
    expected: fault("proxy-set-but-dead", null),
  }),
  wsl2({
    name: "proxy-in-capitals",
    title: "HTTP_PROXY in capitals names a dead proxy, which no program takes: no fault",
    sees: "curl works",
    distro: env({ HTTP_PROXY: URL }),
    target: `http://${TARGET}/`,
    negativeFor: ["proxy-set-but-dead", "proxy-refuses"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "proxy-for-https-alone",
    title: "https_proxy names a dead proxy, and the target is plain HTTP: no fault",
    sees: "curl works",
    distro: env({ https_proxy: URL }),
    target: `http://${TARGET}/`,
    negativeFor: ["proxy-set-but-dead", "proxy-refuses"],
    expected: HEALTHY,
  }),
];
