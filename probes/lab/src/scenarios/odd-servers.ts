// Servers that take the connection and do not answer as a web server: each fails at the application, not on the path.

import { SERVER } from "../topology/addresses.ts";
import { degraded, fault, filter, HEALTHY, TARGET, wsl2 } from "./building-blocks.ts";
import { BOX_GETS_TLS, MIDDLEBOX_PORT } from "./middlebox.ts";
import type { OddAnswer, Scenario, Service } from "./scenario.ts";

const oddServer = (does: OddAnswer): Service => ({
  kind: "odd-server",
  at: "internet",
  port: MIDDLEBOX_PORT,
  does,
  named: TARGET,
  to: { address: SERVER.v4, port: 443 },
});
type Own = Omit<Parameters<typeof wsl2>[0], "services" | "faults">;

/** A network whose provider leads connections to such a server. */
function odd(does: OddAnswer, own: Own): Scenario {
  return wsl2({ ...own, services: [oddServer(does)], faults: [BOX_GETS_TLS] });
}

export const ODD_SERVER_SCENARIOS: readonly Scenario[] = [
  odd("nothing", {
    name: "server-hangs",
    title: "The server's program hangs: connections are accepted, and nothing comes",
    sees: "TCP connects, TLS hangs, for this site alone",
    negativeFor: ["pmtu-inbound-blackhole", "tls-middlebox-reset", "connection-closed"],
    expected: fault("server-silent", "internet-hop"),
  }),
  wsl2({
    name: "router-accepts-and-hangs",
    title: "The home router's filter takes connections to web servers itself, and hangs",
    sees: "TCP connects to every site, and pages never come",
    options: ["--port", "80"],
    services: [{ ...oddServer("nothing"), at: "lan" }],
    faults: [filter("lan", "redirect", `tcp dport 80 redirect to :${MIDDLEBOX_PORT}`)],
    negativeFor: ["pmtu-inbound-blackhole", "connection-closed", "port-filtered"],
    expected: fault("server-silent", "lan-gateway"),
  }),
  wsl2({
    name: "server-hangs-itself",
    title: "The server's own program hangs, and nothing is on the path",
    sees: "TCP connects, TLS hangs, for this site alone",
    services: [{ ...oddServer("nothing"), at: "server" }],
    faults: [filter("server", "redirect", `tcp dport 443 redirect to :${MIDDLEBOX_PORT}`)],
    negativeFor: ["pmtu-inbound-blackhole", "tls-middlebox-reset", "connection-closed"],
    expected: fault("server-silent", "destination"),
  }),
  wsl2({
    name: "server-answers-are-eaten",
    title: "A filter of the provider drops whatever the web server sends but acknowledgements",
    sees: "TCP connects, and pages never come",
    options: ["--port", "80"],
    faults: [{ kind: "eat-payload", at: "internet", fromPort: 80 }],
    negativeFor: ["pmtu-inbound-blackhole", "connection-closed", "port-filtered"],
    expected: fault("server-silent", null, "inbound"),
  }),
  odd("close", {
    name: "server-closes",
    title: "The server closes every connection behind the ClientHello",
    sees: "SSL_ERROR_SYSCALL, for this site alone",
    negativeFor: ["tls-middlebox-reset", "server-silent", "port-refused"],
    expected: fault("connection-closed", null),
  }),
  odd("reset", {
    name: "server-resets",
    title: "The server resets every connection behind the ClientHello, whatever the name",
    sees: "connection reset by peer",
    negativeFor: ["tls-middlebox-reset", "port-refused", "server-silent"],
    expected: fault("connection-closed", null),
  }),
  odd("greeting", {
    name: "server-speaks-ftp",
    title: "Another service listens on the port: it does not speak TLS",
    sees: "wrong version number",
    negativeFor: ["captive-portal", "server-refuses", "connection-closed"],
    expected: fault("tls-not-spoken", "destination"),
  }),
  odd("alert", {
    name: "server-refuses-tls",
    title: "The server refuses the handshake with an alert",
    sees: "sslv3 alert handshake failure",
    negativeFor: ["tls-middlebox-reset", "connection-closed", "tls-not-spoken"],
    expected: fault("server-refuses", "destination"),
  }),
  odd("damage", {
    name: "bytes-change",
    title: "Something on the path changes a byte of every answer",
    sees: "decryption failed or bad record mac",
    negativeFor: ["tls-middlebox-reset", "server-refuses", "connection-closed"],
    expected: fault("data-corrupted", null),
  }),
  odd("late-hello", {
    name: "server-late-hello",
    title: "The server takes more than a second for its part of the handshake: slow, and no loss",
    sees: "the site is slow, from everywhere",
    negativeFor: ["path-loss", "server-silent", "pmtu-inbound-blackhole", "attempt-failed"],
    expected: HEALTHY,
  }),
  odd("late-answer", {
    name: "server-late-answer",
    title: "The handshake is quick, the answer takes more than a second: slow, and no loss",
    sees: "the site is slow, from everywhere",
    negativeFor: ["path-loss", "server-silent", "vpn-mtu-inbound-blackhole"],
    expected: HEALTHY,
  }),
  odd("reset-large-hello", {
    name: "hello-buffer-small",
    title: "The load balancer resets connections whose ClientHello is longer than its buffer",
    sees: "browsers are reset, curl of the distro works",
    negativeFor: ["tls-middlebox-reset", "connection-closed", "pmtu-outbound-blackhole"],
    expected: degraded("tls-large-hello-lost", null),
  }),
  odd("close-named", {
    name: "server-closes-by-name",
    title: "The server closes connections that name the site, and answers for others",
    sees: "SSL_ERROR_SYSCALL, for one site",
    // An orderly end is what servers do, too: neither of both is proven.
    negativeFor: ["tls-middlebox-reset", "connection-closed"],
    expected: fault("attempt-failed", null),
  }),
];
