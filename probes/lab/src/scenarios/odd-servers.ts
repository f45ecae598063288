// Servers that take the connection and do not answer as a web server: each fails at the application, not on the path.

import { SERVER } from "../topology/addresses.ts";
import { fault, HEALTHY, TARGET, wsl2 } from "./building-blocks.ts";
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
export const ODD_SERVER_SCENARIOS: readonly Scenario[] = [
  wsl2({
    name: "server-hangs",
    title: "The server's program hangs: connections are accepted, and nothing comes",
    sees: "TCP connects, TLS hangs, for this site alone",
    services: [oddServer("nothing")],
    faults: [BOX_GETS_TLS],
    negativeFor: ["pmtu-inbound-blackhole", "tls-middlebox-reset", "connection-closed"],
    expected: fault("server-silent", null),
  }),
  wsl2({
    name: "server-closes",
    title: "The server closes every connection behind the ClientHello",
    sees: "SSL_ERROR_SYSCALL, for this site alone",
    services: [oddServer("close")],
    faults: [BOX_GETS_TLS],
    negativeFor: ["tls-middlebox-reset", "server-silent", "port-refused"],
    expected: fault("connection-closed", null),
  }),
  wsl2({
    name: "server-resets",
    title: "The server resets every connection behind the ClientHello, whatever the name",
    sees: "connection reset by peer",
    services: [oddServer("reset")],
    faults: [BOX_GETS_TLS],
    negativeFor: ["tls-middlebox-reset", "port-refused", "server-silent"],
    expected: fault("connection-closed", null),
  }),
  wsl2({
    name: "server-speaks-ftp",
    title: "Another service listens on the port: it does not speak TLS",
    sees: "wrong version number",
    services: [oddServer("greeting")],
    faults: [BOX_GETS_TLS],
    negativeFor: ["captive-portal", "server-refuses", "connection-closed"],
    expected: fault("tls-not-spoken", "destination"),
  }),
  wsl2({
    name: "server-refuses-tls",
    title: "The server refuses the handshake with an alert",
    sees: "sslv3 alert handshake failure",
    services: [oddServer("alert")],
    faults: [BOX_GETS_TLS],
    negativeFor: ["tls-middlebox-reset", "connection-closed", "tls-not-spoken"],
    expected: fault("server-refuses", "destination"),
  }),
  wsl2({
    name: "bytes-change",
    title: "Something on the path changes a byte of every answer",
    sees: "decryption failed or bad record mac",
    services: [oddServer("damage")],
    faults: [BOX_GETS_TLS],
    negativeFor: ["tls-middlebox-reset", "server-refuses", "connection-closed"],
    expected: fault("data-corrupted", null),
  }),
  wsl2({
    name: "server-late-hello",
    title: "The server takes more than a second for its part of the handshake: slow, and no loss",
    sees: "the site is slow, from everywhere",
    services: [oddServer("late-hello")],
    faults: [BOX_GETS_TLS],
    negativeFor: ["path-loss", "server-silent", "pmtu-inbound-blackhole", "attempt-failed"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "server-late-answer",
    title: "The handshake is quick, the answer takes more than a second: slow, and no loss",
    sees: "the site is slow, from everywhere",
    services: [oddServer("late-answer")],
    faults: [BOX_GETS_TLS],
    negativeFor: ["path-loss", "server-silent", "vpn-mtu-inbound-blackhole"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "server-closes-by-name",
    title: "The server closes connections that name the site, and answers for others",
    sees: "SSL_ERROR_SYSCALL, for one site",
    services: [oddServer("close-named")],
    faults: [BOX_GETS_TLS],
    // An orderly end is what servers do, too: neither of both is proven.
    negativeFor: ["tls-middlebox-reset", "connection-closed"],
    expected: fault("attempt-failed", null),
  }),
];
