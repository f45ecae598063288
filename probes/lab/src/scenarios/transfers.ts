// Long answers: paths that lose a connection after so many bytes, and servers and links that are only slow.

import { SERVER } from "../topology/addresses.ts";
import { fault, filter, HEALTHY, TARGET, wsl2 } from "./building-blocks.ts";
import { BOX_GETS_TLS, MIDDLEBOX_PORT } from "./middlebox.ts";
import type { Scenario, ServerOptions } from "./scenario.ts";

const LONG: ServerOptions = { flight: "large", bodyBytes: 400_000 };

export const TRANSFER_SCENARIOS: readonly Scenario[] = [
  wsl2({
    name: "transfer-lost-with-timestamps",
    title: "The NAT drops packets with TCP timestamps once a connection has received 50 kB",
    sees: "small pages work, downloads hang",
    server: LONG,
    faults: [
      filter(
        "host",
        "forward",
        "tcp sport 443 ct reply bytes > 50000 tcp option timestamp exists counter drop",
      ),
    ],
    negativeFor: ["pmtu-inbound-blackhole", "path-loss", "server-silent", "connection-closed"],
    expected: fault("transfer-stalls", null),
  }),
  wsl2({
    name: "transfer-state-lost",
    title: "A firewall of the provider forgets connections of any program after 150 kB",
    sees: "small pages work, downloads hang",
    server: LONG,
    options: ["--port", "80"],
    faults: [filter("internet", "forward", "tcp sport 80 ct reply bytes > 150000 counter drop")],
    negativeFor: ["pmtu-inbound-blackhole", "path-loss", "server-silent"],
    expected: fault("transfer-stalls", null),
  }),
  wsl2({
    name: "transfer-lost-with-scale",
    title: "A firewall that reads windows without their scale gives up a connection after 60 kB",
    sees: "small pages work, downloads hang",
    server: LONG,
    faults: [
      filter(
        "internet",
        "forward",
        "tcp flags & (syn | ack) == syn tcp option window count > 0 ct mark set 1",
        "ct mark 1 tcp sport 443 ct reply bytes > 60000 counter drop",
      ),
    ],
    negativeFor: ["pmtu-inbound-blackhole", "path-loss", "server-silent"],
    expected: fault("transfer-stalls", null),
  }),
  wsl2({
    name: "transfer-lost-with-sack",
    title: "A firewall of the provider loses connections that negotiate SACK after 80 kB",
    sees: "small pages work, downloads hang",
    server: LONG,
    faults: [
      filter(
        "internet",
        "forward",
        "tcp flags & (syn | ack) == syn tcp option sack-perm exists ct mark set 2",
        "ct mark 2 tcp sport 443 ct reply bytes > 80000 counter drop",
      ),
    ],
    negativeFor: ["pmtu-inbound-blackhole", "path-loss", "server-silent"],
    expected: fault("transfer-stalls", null),
  }),
  wsl2({
    name: "transfer-reset-with-timestamps",
    title:
      "A firewall of the provider resets connections with timestamps after 120 kB, over plain HTTP",
    sees: "small pages work, downloads end early",
    server: LONG,
    options: ["--port", "80"],
    faults: [
      filter(
        "internet",
        "forward",
        "tcp sport 80 ct reply bytes > 120000 tcp option timestamp exists counter reject with tcp reset",
      ),
    ],
    negativeFor: ["pmtu-inbound-blackhole", "path-loss", "server-silent", "connection-closed"],
    expected: fault("transfer-stalls", null),
  }),
  wsl2({
    name: "transfer-ends-early",
    title:
      "A box on the path ends every connection in order after 100 kB, long before what was announced",
    sees: "downloads are cut short",
    server: LONG,
    services: [
      {
        kind: "odd-server",
        at: "internet",
        port: MIDDLEBOX_PORT,
        does: "end-early",
        named: TARGET,
        to: { address: SERVER.v4, port: 443 },
      },
    ],
    faults: [BOX_GETS_TLS],
    negativeFor: ["path-loss", "connection-closed", "server-silent"],
    expected: fault("transfer-stalls", null),
  }),
  wsl2({
    name: "transfer-reset-anywhere",
    title: "A firewall of the provider ends connections, every other one after half as many bytes",
    sees: "downloads break off, here and there",
    server: LONG,
    options: ["--port", "80"],
    faults: [
      filter(
        "internet",
        "forward",
        "tcp dport 80 tcp flags & (syn | ack) == syn ct mark set numgen inc mod 2 offset 1",
        "ct mark 1 tcp sport 80 ct reply bytes > 80000 counter reject with tcp reset",
        "ct mark 2 tcp sport 80 ct reply bytes > 160000 counter reject with tcp reset",
      ),
    ],
    negativeFor: ["path-loss", "connection-closed", "server-silent"],
    expected: fault("transfer-stalls", null),
  }),
  wsl2({
    name: "upload-state-lost",
    title: "A firewall of the provider forgets connections after 100 kB upward",
    sees: "downloads work, uploads and git push hang",
    server: LONG,
    options: ["--transfer"],
    faults: [
      filter("internet", "forward", "tcp dport 443 ct original bytes > 100000 counter drop"),
    ],
    negativeFor: ["pmtu-outbound-blackhole", "path-loss", "server-silent"],
    expected: fault("transfer-stalls", null, "outbound"),
  }),
  wsl2({
    name: "upload-lost-at-home",
    title: "The router drops what is sent with timestamps after 60 kB, over plain HTTP",
    sees: "downloads work, uploads hang",
    options: ["--port", "80", "--transfer"],
    faults: [
      filter(
        "lan",
        "forward",
        "tcp dport 80 ct original bytes > 60000 tcp option timestamp exists counter drop",
      ),
    ],
    negativeFor: ["pmtu-outbound-blackhole", "path-loss", "server-silent"],
    expected: fault("transfer-stalls", null, "outbound"),
  }),
  wsl2({
    name: "upload-passes",
    title: "A quarter of a megabyte up and down on a sound path: no fault",
    sees: "everything works",
    server: LONG,
    options: ["--transfer"],
    negativeFor: ["transfer-stalls"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "transfer-paused",
    title: "The server rests for two seconds in the middle of a long answer: slow, and no stall",
    sees: "downloads are slow, from everywhere",
    server: LONG,
    services: [
      {
        kind: "odd-server",
        at: "internet",
        port: MIDDLEBOX_PORT,
        does: "pause",
        named: TARGET,
        to: { address: SERVER.v4, port: 443 },
      },
    ],
    faults: [BOX_GETS_TLS],
    negativeFor: ["transfer-stalls", "path-loss"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "transfer-slow-link",
    title: "A line of 600 kbit/s: a long answer is slow, and does not stop",
    sees: "downloads are slow",
    server: LONG,
    faults: [{ kind: "slow", at: "internet", interface: "home0", rate: "600kbit" }],
    negativeFor: ["transfer-stalls"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "transfer-long",
    title: "A long answer on a sound path: no fault",
    sees: "everything works",
    server: LONG,
    negativeFor: ["transfer-stalls"],
    expected: HEALTHY,
  }),
];
